#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secretstring.h"

#include <QByteArray>
#include <QFuture>
#include <QHash>
#include <QObject>
#include <QStringList>

#include <memory>
#include <optional>

namespace core {

//! A command as words, by the rules of AWS's own programs (a POSIX shell's quotes and backslashes,
//! nothing else of a shell). None: a quote is not closed, or there is no word.
[[nodiscard]] std::optional<QStringList> commandWords(const QString &command);

//! What a credential_process printed.
struct ProcessKeys
{
    SecretString keys;              //!< ID:SECRET[:SESSION_TOKEN].
    std::optional<UtcTime> expires; //!< None: they are not said to expire.
};

//! Reads the JSON of a credential_process, version 1 ("Sourcing credentials with an external
//! process", November 2026). The error quotes nothing of it.
[[nodiscard]] Result<ProcessKeys> processKeysFrom(const QByteArray &output);

//! Runs the programs that AWS profiles name, the only place where Farthing starts a program:
//! without a shell, without our environment's keys, at most 30 s and 64 KiB of output. Whether it
//! may is asked before. Main thread.
class CredentialProcess final : public QObject
{
    Q_OBJECT
public:
    explicit CredentialProcess(Clock &clock, QObject *parent = nullptr);
    ~CredentialProcess() override;

    //! The keys that \p command gives: those that it gave before until they expire, else by running
    //! it; callers who ask meanwhile share one run. Errors: KeyUnavailable, with what went wrong.
    [[nodiscard]] QFuture<Result<SecretString>> keys(const QString &command);
    //! The service refused them: the next call runs the program. True if there was something to
    //! forget.
    bool forget(const QString &command);

private:
    class Run;
    void takeEnd(const QString &command, const Result<ProcessKeys> &result);

    Clock &m_clock;
    QHash<QString, ProcessKeys> m_kept; //!< By command; only those that expire.
    QHash<QString, Run *> m_running;    //!< Children of this.
};

} // namespace core
