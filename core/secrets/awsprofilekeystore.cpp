#include "core/secrets/awsprofilekeystore.h"

#include "core/base/whenready.h"

#include <QtConcurrentRun>

namespace core {

namespace {

using Secret = Result<SecretString>;

QFuture<Result<Done>> readOnly(const Account &account)
{
    return QtFuture::makeReadyFuture(
        Result<Done>(keyError(ErrorKind::InputRejected, account,
                              QStringLiteral("Keys in AWS's files are changed there."))));
}

QString profileOf(const Account &account, const AwsEnvironment &environment)
{
    const bool picked = account.auth == AuthMethod::AwsProfile && !account.awsProfile.isEmpty();
    return picked ? account.awsProfile : environment.profile;
}

Secret named(Secret result, const QString &profile, const Account &account)
{
    if (result)
        return result;
    Error error = result.error();
    error.provider = account.provider;
    error.detail = QStringLiteral("The program of the AWS profile \"%1\" gave no keys. %2")
                       .arg(profile, error.detail);
    return error;
}

} // namespace

AwsProfileKeyStore::AwsProfileKeyStore(Clock &clock, QHash<QString, OwnOrigins> origins,
                                       QObject *parent)
    : QObject(parent)
    , m_origins(std::move(origins))
    , m_process(clock)
{
}

QFuture<Secret> AwsProfileKeyStore::read(const Account &account, const QString &origin)
{
    const AwsEnvironment environment = AwsEnvironment::current();
    const QString name = profileOf(account, environment);
    const bool confirmed = account.auth == AuthMethod::AwsProfile && account.grantOrigin == origin;
    if (!confirmed && !m_origins.value(account.provider).contains(origin))
        return QtFuture::makeReadyFuture(Secret(
            keyError(ErrorKind::KeyMissing, account,
                     QStringLiteral("The AWS profile \"%1\" is not for %2.").arg(name, origin))));
    auto promise = std::make_shared<QPromise<Secret>>();
    promise->start();
    whenReady(this,
              QtConcurrent::run([environment, name] { return readAwsProfile(environment, name); }),
              [this, account, promise](const Result<AwsProfile> &profile) {
                  takeProfile(account, profile, promise);
              });
    return promise->future();
}

void AwsProfileKeyStore::takeProfile(const Account &account, const Result<AwsProfile> &profile,
                                     const std::shared_ptr<QPromise<Secret>> &promise)
{
    const QString name = profileOf(account, AwsEnvironment::current());
    const auto answer = [this, promise, name](const Secret &result) {
        if (result)
            m_given.insert(name);
        else
            m_given.remove(name);
        promise->addResult(result);
        promise->finish();
    };
    if (!profile)
        return answer(keyError(profile.error().kind, account, profile.error().detail));
    if (profile->kind == AwsProfile::Kind::Keys)
        return answer(profile->keys);
    if (profile->kind != AwsProfile::Kind::Process)
        return answer(keyError(ErrorKind::KeyMissing, account, awsProfileProblem(*profile).detail));
    if (m_processes == Processes::Refused)
        return answer(keyError(
            ErrorKind::KeyMissing, account,
            QStringLiteral("The AWS profile \"%1\" gets its keys from a program "
                           "(credential_process). Farthing runs it only if you allow that: in "
                           "Settings, Providers, or by --set keys/credentialProcess=true.")
                .arg(profile->name)));
    m_commands.insert(profile->name, profile->process);
    whenReady(this, m_process.keys(profile->process),
              [answer, account, name](const Secret &keys) { answer(named(keys, name, account)); });
}

QFuture<Result<Done>> AwsProfileKeyStore::write(const Account &account, const QString &,
                                                const SecretString &)
{
    return readOnly(account);
}

QFuture<Result<Done>> AwsProfileKeyStore::remove(const Account &account, const QString &)
{
    return readOnly(account);
}

bool AwsProfileKeyStore::renew(const Account &account)
{
    const QString name = profileOf(account, AwsEnvironment::current());
    m_process.forget(m_commands.value(name));
    return m_given.remove(name);
}

QFuture<Result<QList<AwsProfile>>> AwsProfileKeyStore::profiles()
{
    return QtConcurrent::run(
        [environment = AwsEnvironment::current()] { return readAwsProfiles(environment); });
}

} // namespace core
