#include "core/secrets/credentialprocess.h"

#include "core/base/redactor.h"
#include "core/secrets/awsprofiles.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QPromise>

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <utility>
#include <vector>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LargestOutput = 64 * 1024;
constexpr qsizetype ToldOfErrors = 300;
//! Keys this near to their end would be refused under way.
constexpr std::chrono::minutes Margin{1};
constexpr std::chrono::seconds TimeLimit{30};

Error unavailable(const QString &detail)
{
    return makeError(ErrorKind::KeyUnavailable, detail);
}

//! What a program needs to find its files, its proxy and the desktop that it may ask on. Keys of
//! providers, which the environment may hold, are not among it: they are none of its business.
bool mayBeInherited(const QString &name)
{
    static const QStringList names{u"PATH"_s,
                                   u"HOME"_s,
                                   u"USER"_s,
                                   u"LOGNAME"_s,
                                   u"SHELL"_s,
                                   u"TMPDIR"_s,
                                   u"TZ"_s,
                                   u"LANG"_s,
                                   u"LANGUAGE"_s,
                                   u"DISPLAY"_s,
                                   u"XAUTHORITY"_s,
                                   u"WAYLAND_DISPLAY"_s,
                                   u"BROWSER"_s,
                                   u"GPG_TTY"_s,
                                   u"DBUS_SESSION_BUS_ADDRESS"_s,
                                   u"SSL_CERT_FILE"_s,
                                   u"SSL_CERT_DIR"_s,
                                   u"SSH_AUTH_SOCK"_s,
                                   u"HTTP_PROXY"_s,
                                   u"HTTPS_PROXY"_s,
                                   u"NO_PROXY"_s,
                                   u"ALL_PROXY"_s,
                                   u"http_proxy"_s,
                                   u"https_proxy"_s,
                                   u"no_proxy"_s,
                                   u"all_proxy"_s,
                                   u"AWS_CONFIG_FILE"_s,
                                   u"AWS_REGION"_s,
                                   u"AWS_CA_BUNDLE"_s,
                                   u"AWS_SHARED_CREDENTIALS_FILE"_s,
                                   u"AWS_PROFILE"_s,
                                   u"AWS_DEFAULT_REGION"_s,
                                   u"AWS_SDK_LOAD_CONFIG"_s};
    return names.contains(name) || name.startsWith("LC_"_L1) || name.startsWith("XDG_"_L1);
}

QProcessEnvironment childEnvironment()
{
    const QProcessEnvironment ours = QProcessEnvironment::systemEnvironment();
    QProcessEnvironment childs;
    for (const QString &name : ours.keys()) {
        if (mayBeInherited(name))
            childs.insert(name, ours.value(name));
    }
    return childs;
}

//! Each half of a UTF-8 text that may have been cut is whole again, or gone.
QString shortText(QByteArray text)
{
    text.truncate(4 * ToldOfErrors);
    return redacted(QString::fromUtf8(text).simplified()).left(ToldOfErrors);
}

} // namespace

std::optional<QStringList> commandWords(const QString &command)
{
    QStringList words;
    QString word;
    bool isWord = false; // '' is a word, and an empty one
    QChar quote;
    for (qsizetype i = 0; i < command.size(); ++i) {
        const QChar c = command.at(i);
        const QChar next = i + 1 < command.size() ? command.at(i + 1) : QChar();
        if (quote == u'\'' || (quote == u'"' && c != u'\\')) {
            if (c == quote)
                quote = {};
            else
                word += c;
        } else if (quote == u'"') {
            // Inside double quotes a backslash means something before these two only.
            const bool escapes = next == u'"' || next == u'\\';
            word += escapes ? next : c;
            i += escapes ? 1 : 0;
        } else if (c == u'\'' || c == u'"') {
            quote = c;
            isWord = true;
        } else if (c == u'\\') {
            if (next.isNull())
                return std::nullopt;
            word += next;
            isWord = true;
            ++i;
        } else if (c == u' ' || c == u'\t' || c == u'\r' || c == u'\n') {
            if (isWord)
                words.append(std::exchange(word, {}));
            isWord = false;
        } else {
            word += c;
            isWord = true;
        }
    }
    if (!quote.isNull())
        return std::nullopt;
    if (isWord)
        words.append(word);
    if (words.isEmpty() || words.constFirst().isEmpty())
        return std::nullopt;
    return words;
}

Result<ProcessKeys> processKeysFrom(const QByteArray &output)
{
    const QJsonDocument document = QJsonDocument::fromJson(output);
    if (!document.isObject())
        return unavailable(u"It printed no JSON object."_s);
    const QJsonObject json = document.object();
    if (json.value("Version"_L1) != QJsonValue(1))
        return unavailable(u"What it printed is not of Version 1."_s);
    const auto bytes = [&json](QLatin1StringView name) {
        return json.value(name).toString().toUtf8();
    };
    const auto keys =
        awsKeys(bytes("AccessKeyId"_L1), bytes("SecretAccessKey"_L1), bytes("SessionToken"_L1));
    if (!keys)
        return unavailable(
            u"It printed no AccessKeyId and SecretAccessKey in the form that AWS uses."_s);
    ProcessKeys result{*keys, {}};
    const QJsonValue expiration = json.value("Expiration"_L1);
    if (expiration.isUndefined() || expiration.isNull())
        return result;
    const QDateTime time = QDateTime::fromString(expiration.toString(), Qt::ISODateWithMs);
    if (!time.isValid())
        return unavailable(u"The Expiration that it printed is no ISO 8601 time."_s);
    result.expires = UtcTime(std::chrono::milliseconds(time.toMSecsSinceEpoch()));
    return result;
}

//! One run of a program, and those who wait for it.
class CredentialProcess::Run final : public QObject
{
public:
    Run(CredentialProcess &owner, QString command)
        : QObject(&owner)
        , m_owner(owner)
        , m_command(std::move(command))
    {
    }

    ~Run() override
    {
        m_process.disconnect(this);
        killAll();
        m_process.waitForFinished(); // it was killed: this takes no time
        tell(unavailable(u"It was stopped, as Farthing ends."_s));
    }

    [[nodiscard]] QFuture<Result<SecretString>> join()
    {
        QPromise<Result<SecretString>> promise;
        promise.start();
        QFuture<Result<SecretString>> future = promise.future();
        m_promises.push_back(std::move(promise));
        return future;
    }

    void start(const QStringList &words, std::chrono::milliseconds limit)
    {
        m_process.setProgram(words.constFirst());
        m_process.setArguments(words.mid(1));
        m_process.setProcessEnvironment(childEnvironment());
        m_process.setStandardInputFile(QProcess::nullDevice());
        // Of a group of its own, so that what it starts ends with it.
        m_process.setChildProcessModifier([] { (void)::setpgid(0, 0); });
        connect(&m_process, &QProcess::readyReadStandardOutput, this, [this] { takeOutput(); });
        connect(&m_process, &QProcess::readyReadStandardError, this, [this] {
            m_errors += m_process.readAllStandardError();
            m_errors.truncate(LargestOutput);
        });
        connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart)
                end(unavailable(u"It could not be started: it is not there, or is no program."_s));
        });
        connect(&m_process, &QProcess::finished, this, [this] { takeExit(); });
        m_owner.m_clock.after(limit, this, [this, limit] {
            end(unavailable(u"It did not end within %1 seconds."_s.arg(
                std::chrono::duration_cast<std::chrono::seconds>(limit).count())));
        });
        m_process.start(QIODevice::ReadOnly);
    }

    //! \p result to all who wait.
    void tell(const Result<SecretString> &result)
    {
        for (QPromise<Result<SecretString>> &promise : m_promises) {
            promise.addResult(result);
            promise.finish();
        }
        m_promises.clear();
    }

private:
    void takeOutput()
    {
        m_output += m_process.readAllStandardOutput();
        if (m_output.size() > LargestOutput)
            end(unavailable(u"It printed more than 64 KiB."_s));
    }

    void takeExit()
    {
        takeOutput();
        if (m_ended)
            return;
        if (m_process.exitStatus() == QProcess::NormalExit && m_process.exitCode() == 0)
            return end(processKeysFrom(m_output));
        Error error = unavailable(m_process.exitStatus() == QProcess::NormalExit
                                      ? u"It ended with exit status %1."_s.arg(m_process.exitCode())
                                      : u"It was killed."_s);
        m_errors += m_process.readAllStandardError();
        error.rawBody = shortText(m_errors);
        end(error);
    }

    void end(const Result<ProcessKeys> &result)
    {
        if (std::exchange(m_ended, true))
            return;
        m_process.disconnect(this);
        killAll();
        explicit_bzero(m_output.data(), static_cast<size_t>(m_output.size()));
        m_owner.takeEnd(m_command, result);
        if (m_process.state() == QProcess::NotRunning)
            deleteLater();
        else
            connect(&m_process, &QProcess::finished, this, &QObject::deleteLater);
    }

    void killAll()
    {
        const qint64 id = m_process.processId();
        if (id > 0)
            (void)::kill(static_cast<pid_t>(-id), SIGKILL);
        if (m_process.state() != QProcess::NotRunning)
            m_process.kill();
    }

    CredentialProcess &m_owner;
    QString m_command;
    QProcess m_process;
    QByteArray m_output;
    QByteArray m_errors;
    std::vector<QPromise<Result<SecretString>>> m_promises;
    bool m_ended = false;
};

CredentialProcess::CredentialProcess(Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
{
}

CredentialProcess::~CredentialProcess()
{
    // Before our members go: a run ends by calling us.
    qDeleteAll(std::exchange(m_running, {}));
}

QFuture<Result<SecretString>> CredentialProcess::keys(const QString &command)
{
    if (const auto kept = m_kept.constFind(command); kept != m_kept.constEnd()) {
        if (*kept->expires - m_clock.utcNow() > Margin)
            return QtFuture::makeReadyFuture(Result<SecretString>(kept->keys));
        m_kept.remove(command);
    }
    if (Run *running = m_running.value(command))
        return running->join();
    const auto words = commandWords(command);
    if (!words)
        return QtFuture::makeReadyFuture(Result<SecretString>(
            unavailable(u"Its command is empty, or has a quote that is not closed."_s)));
    auto *run = new Run(*this, command);
    m_running.insert(command, run);
    const QFuture<Result<SecretString>> future = run->join();
    run->start(*words, TimeLimit);
    return future;
}

bool CredentialProcess::forget(const QString &command)
{
    return m_kept.remove(command) > 0;
}

void CredentialProcess::takeEnd(const QString &command, const Result<ProcessKeys> &result)
{
    Run *run = m_running.take(command);
    if (!result)
        return run->tell(result.error());
    if (result->expires) {
        if (*result->expires <= m_clock.utcNow())
            return run->tell(unavailable(u"The keys that it gave have expired."_s));
        m_kept.insert(command, *result);
    }
    run->tell(result->keys);
}

} // namespace core
