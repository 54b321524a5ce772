#pragma once

#include "core/secrets/keystore.h"

#include <QHash>
#include <QPromise>

#include <optional>
#include <utility>
#include <vector>

namespace tests {

//! A key store in memory. It answers at once, or when the test says so (a locked keychain), and
//! remembers who was asked for what.
class TestKeyStore final : public core::KeyStore
{
public:
    void setKey(std::int64_t accountId, const QByteArray &key) { m_keys.insert(accountId, key); }
    void fail(core::ErrorKind kind) { m_failure = kind; } //!< Every later read.
    void holdReads() { m_holds = true; }
    //! Answers what was held, as an unlocked keychain does.
    void releaseReads()
    {
        m_holds = false;
        for (auto &[promise, answer] : std::exchange(m_held, {})) {
            promise.addResult(answer);
            promise.finish();
        }
    }
    //! What read() gives once renew() was called, as a short-lived token is replaced.
    void setFreshKey(std::int64_t accountId, const QByteArray &key)
    {
        m_freshKeys.insert(accountId, key);
    }
    [[nodiscard]] bool renew(const core::Account &account) override
    {
        const QByteArray fresh = m_freshKeys.take(account.id);
        if (!fresh.isEmpty())
            m_keys.insert(account.id, fresh);
        return !fresh.isEmpty();
    }
    void failWrites(bool fails) { m_failsWrites = fails; } //!< As a locked keychain does.
    [[nodiscard]] QByteArray key(std::int64_t accountId) const { return m_keys.value(accountId); }

    [[nodiscard]] QFuture<core::Result<core::SecretString>> read(const core::Account &account,
                                                                 const QString &origin) override
    {
        m_origins += origin;
        const core::Result<core::SecretString> answer = answerFor(account);
        if (!m_holds)
            return QtFuture::makeReadyFuture(answer);
        QPromise<core::Result<core::SecretString>> promise;
        promise.start();
        auto future = promise.future();
        m_held.emplace_back(std::move(promise), answer);
        return future;
    }
    [[nodiscard]] QFuture<core::Result<core::Done>>
    write(const core::Account &account, const QString &, const core::SecretString &key) override
    {
        if (m_failsWrites && account.keySource == core::KeySource::Keychain) {
            core::Error error;
            error.kind = core::ErrorKind::KeyUnavailable;
            error.detail = QStringLiteral("the system keychain is locked.");
            return QtFuture::makeReadyFuture(core::Result<core::Done>(error));
        }
        m_keys.insert(account.id, key.revealCopy());
        return QtFuture::makeReadyFuture(core::Result<core::Done>(core::Done{}));
    }
    [[nodiscard]] QFuture<core::Result<core::Done>> remove(const core::Account &account,
                                                           const QString &) override
    {
        m_keys.remove(account.id);
        return QtFuture::makeReadyFuture(core::Result<core::Done>(core::Done{}));
    }

    [[nodiscard]] const QStringList &origins() const { return m_origins; } //!< As read, in order.

private:
    [[nodiscard]] core::Result<core::SecretString> answerFor(const core::Account &account) const
    {
        core::Error error;
        error.kind = m_failure.value_or(core::ErrorKind::KeyMissing);
        if (m_failure || !m_keys.contains(account.id))
            return error;
        return core::SecretString(m_keys.value(account.id));
    }

    QHash<std::int64_t, QByteArray> m_keys;
    QHash<std::int64_t, QByteArray> m_freshKeys;
    std::optional<core::ErrorKind> m_failure;
    bool m_holds = false;
    bool m_failsWrites = false;
    QStringList m_origins;
    using Answer = core::Result<core::SecretString>;
    std::vector<std::pair<QPromise<Answer>, Answer>> m_held;
};

} // namespace tests
