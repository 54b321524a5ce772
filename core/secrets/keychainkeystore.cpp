#include "core/secrets/keychainkeystore.h"

#include "core/base/continued.h"

#include <QPromise>
#include <qt6keychain/keychain.h>

#include <memory>

namespace core {

namespace {

//! QtKeychain's own sentences may quote what was asked: the code alone is told.
QString reason(QKeychain::Error error)
{
    switch (error) {
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return QStringLiteral("The keychain is locked or refused. Unlock it and try again.");
    case QKeychain::NoBackendAvailable:
        return QStringLiteral("No system keychain answers.");
    case QKeychain::NoError:
    case QKeychain::EntryNotFound:
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::NotImplemented:
    case QKeychain::OtherError:
        break;
    }
    return QStringLiteral("The system keychain does not answer (code %1).")
        .arg(static_cast<int>(error));
}

QString entryName(const Account &account, const QString &origin)
{
    return QString::number(account.id) + QLatin1Char(' ') + origin;
}

//! A promise that is kept once: by the keychain, or by running out of patience.
template <typename T>
class Pledge
{
public:
    Pledge() { m_promise.start(); }
    [[nodiscard]] QFuture<Result<T>> future() { return m_promise.future(); }
    void keep(const Result<T> &result)
    {
        if (m_kept)
            return;
        m_kept = true;
        m_promise.addResult(result);
        m_promise.finish();
    }

private:
    QPromise<Result<T>> m_promise;
    bool m_kept = false;
};

template <typename T, typename Job, typename Read>
QFuture<Result<T>> run(Job *job, const Account &account, Clock &clock,
                       std::chrono::milliseconds patience, QObject *context, Read read)
{
    job->setInsecureFallback(false);
    auto pledge = std::make_shared<Pledge<T>>();
    // The wait ends with the answer: a pledge that outlived it would hold the key for its length.
    auto *wait = new QObject(context);
    QObject::connect(job, &QKeychain::Job::finished, context, [pledge, job, wait, read] {
        wait->deleteLater();
        pledge->keep(read(*job));
    });
    clock.after(patience, wait, [pledge, account] {
        pledge->keep(keyError(ErrorKind::KeyUnavailable, account,
                              QStringLiteral("The system keychain did not answer in time.")));
    });
    job->start(); // deletes itself when done
    return pledge->future();
}

} // namespace

KeychainKeyStore::KeychainKeyStore(const QString &service, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_service(service)
    , m_clock(clock)
{
}

QFuture<Result<SecretString>> KeychainKeyStore::read(const Account &account, const QString &origin)
{
    auto *job = new QKeychain::ReadPasswordJob(m_service);
    job->setKey(entryName(account, origin));
    return run<SecretString>(
        job, account, m_clock, m_patience, this,
        [account, origin](QKeychain::ReadPasswordJob &done) -> Result<SecretString> {
            if (done.error() == QKeychain::NoError) {
                const SecretString key(done.binaryData());
                if (!key.isEmpty())
                    return key;
            }
            const bool absent =
                done.error() == QKeychain::EntryNotFound || done.error() == QKeychain::NoError;
            // What was saved is for one origin: at any other there is no key to be lost.
            const bool expected = account.keySaved && account.keyOrigin == origin;
            if (absent && !expected)
                return keyError(ErrorKind::KeyMissing, account);
            return keyError(ErrorKind::KeyUnavailable, account,
                            absent
                                ? QStringLiteral("A key was saved, but the keychain does not "
                                                 "give it: it is locked, or the entry is lost. "
                                                 "Unlock it and try again, or enter the key anew "
                                                 "in Settings, Providers.")
                                : reason(done.error()));
        });
}

QFuture<Result<Done>> KeychainKeyStore::write(const Account &account, const QString &origin,
                                              const SecretString &key)
{
    auto *job = new QKeychain::WritePasswordJob(m_service);
    job->setKey(entryName(account, origin));
    job->setBinaryData(key.revealCopy());
    return run<Done>(job, account, m_clock, m_patience, this,
                     [account](QKeychain::WritePasswordJob &done) -> Result<Done> {
                         if (done.error() == QKeychain::NoError)
                             return Done{};
                         return keyError(ErrorKind::KeyUnavailable, account, reason(done.error()));
                     });
}

QFuture<Result<Done>> KeychainKeyStore::remove(const Account &account, const QString &origin)
{
    // A locked keyring deletes nothing and says that it did (measured, 0.13.2), but it refuses to
    // be written. Both jobs wait in one line, so that a later write comes behind the deletion.
    const QFuture<Result<Done>> emptied = write(account, origin, SecretString());
    auto *job = new QKeychain::DeletePasswordJob(m_service);
    job->setKey(entryName(account, origin));
    const QFuture<Result<Done>> removed = run<Done>(
        job, account, m_clock, m_patience, this,
        [account](QKeychain::DeletePasswordJob &done) -> Result<Done> {
            // Removing what is not there is what was wanted.
            if (done.error() == QKeychain::NoError || done.error() == QKeychain::EntryNotFound)
                return Done{};
            return keyError(ErrorKind::KeyUnavailable, account, reason(done.error()));
        });
    return continued(this, emptied, [removed](const Result<Done> &result) {
        return result ? removed : QtFuture::makeReadyFuture(result);
    });
}

QFuture<Result<Done>> KeychainKeyStore::probe()
{
    auto *job = new QKeychain::ReadPasswordJob(m_service);
    job->setKey(QStringLiteral("probe"));
    return run<Done>(
        job, {}, m_clock, m_patience, this, [](QKeychain::ReadPasswordJob &done) -> Result<Done> {
            if (done.error() == QKeychain::NoError || done.error() == QKeychain::EntryNotFound)
                return Done{};
            return keyError(ErrorKind::KeyUnavailable, {}, reason(done.error()));
        });
}

} // namespace core
