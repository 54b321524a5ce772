#include "core/secrets/awsprofiles.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QStringList>

#include <string.h>

#include <algorithm>

namespace core {

namespace {

using Properties = QHash<QByteArray, QByteArrayView>;

constexpr qint64 LargestFile = 1024 * 1024;
constexpr qsizetype MostProfiles = 1'000;
constexpr qsizetype LongestName = 200;

//! All that is ever kept of a file.
constexpr auto KeyId = "aws_access_key_id";
constexpr auto SecretKey = "aws_secret_access_key";
constexpr auto SessionToken = "aws_session_token";
constexpr auto OldSessionToken = "aws_security_token";
constexpr auto Process = "credential_process";
constexpr auto Region = "region";
//! In the order in which AWS's own programs look: these come before keys in a file...
constexpr const char *RoleSettings[] = {"role_arn", "web_identity_token_file", "credential_source"};
//! ... and these would, but keys beside them were put there by a person's export of the sign-in.
constexpr const char *SignInSettings[] = {"sso_session", "sso_start_url", "sso_account_id",
                                          "login_session"};

bool isKnown(const QByteArray &name)
{
    const auto stands = [&name](const auto &list) {
        return std::any_of(std::begin(list), std::end(list),
                           [&name](const char *known) { return name == known; });
    };
    constexpr const char *plain[] = {KeyId,           SecretKey, SessionToken,
                                     OldSessionToken, Process,   Region};
    return stands(plain) || stands(RoleSettings) || stands(SignInSettings);
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

//! What stands before a comment. A "#" or ";" inside a word belongs to it.
QByteArrayView withoutComment(QByteArrayView value)
{
    for (qsizetype i = 0; i < value.size(); ++i) {
        const bool mark = value[i] == '#' || value[i] == ';';
        if (mark && (i == 0 || isBlank(value[i - 1])))
            return value.first(i).trimmed();
    }
    return value.trimmed();
}

enum class FileKind { Credentials, Config };

//! One file as profiles with the properties that we know; views into its text.
class SharedFile
{
public:
    SharedFile(QByteArrayView text, FileKind kind)
        : m_kind(kind)
    {
        if (text.startsWith("\xEF\xBB\xBF"))
            text = text.sliced(3);
        while (!text.isEmpty()) {
            const qsizetype end = text.indexOf('\n');
            takeLine(end < 0 ? text : text.first(end));
            text = end < 0 ? QByteArrayView() : text.sliced(end + 1);
        }
    }

    [[nodiscard]] const QStringList &names() const { return m_names; }
    [[nodiscard]] Properties properties(const QString &name) const
    {
        return m_profiles.value(name);
    }

private:
    void takeLine(QByteArrayView line)
    {
        qsizetype indent = 0;
        while (indent < line.size() && isBlank(line[indent]))
            ++indent;
        const QByteArrayView text = line.sliced(indent).trimmed();
        if (text.isEmpty() || text.front() == '#' || text.front() == ';')
            return;
        // Deeper than the setting above it: that one's own, as below "s3 =".
        if (m_indent >= 0 && indent > m_indent)
            return;
        if (text.front() == '[')
            return beginSection(text);
        takeSetting(text, indent);
    }

    void beginSection(QByteArrayView line)
    {
        m_current.clear();
        m_indent = -1;
        const qsizetype end = line.indexOf(']');
        if (end < 0)
            return; // what follows belongs to nobody
        const QString name = profileNameOf(QString::fromUtf8(line.sliced(1, end - 1)).simplified());
        if (name.isEmpty() || name.size() > LongestName)
            return;
        if (!m_profiles.contains(name)) {
            if (m_names.size() >= MostProfiles)
                return;
            m_names.append(name);
            m_profiles.insert(name, {});
        }
        m_current = name;
    }

    //! Empty: the section is no profile.
    QString profileNameOf(const QString &section)
    {
        if (m_kind == FileKind::Credentials)
            return section;
        const QString standard = QStringLiteral("default");
        if (section == standard)
            return m_hasNamedDefault ? QString() : section;
        const QString word = QStringLiteral("profile ");
        if (!section.startsWith(word))
            return {};
        QString name = section.sliced(word.size());
        for (const QChar quote : {u'"', u'\''}) {
            if (name.size() > 1 && name.startsWith(quote) && name.endsWith(quote))
                name = name.sliced(1, name.size() - 2);
        }
        // [profile default] beats [default].
        if (name == standard && !m_hasNamedDefault) {
            m_hasNamedDefault = true;
            m_profiles[name].clear();
            if (!m_names.contains(name))
                m_names.append(name);
        }
        return name;
    }

    void takeSetting(QByteArrayView text, qsizetype indent)
    {
        const qsizetype equals = text.indexOf('=');
        if (equals < 0)
            return;
        m_indent = indent;
        const QByteArray name = text.first(equals).trimmed().toByteArray().toLower();
        if (!m_current.isEmpty() && isKnown(name))
            m_profiles[m_current].insert(name, withoutComment(text.sliced(equals + 1)));
    }

    FileKind m_kind;
    QStringList m_names;
    QHash<QString, Properties> m_profiles;
    QString m_current;
    qsizetype m_indent = -1; //!< Of the setting above; -1: none yet in this section.
    bool m_hasNamedDefault = false;
};

bool isKeyId(QByteArrayView text)
{
    constexpr qsizetype Shortest = 16;
    constexpr qsizetype Longest = 128;
    return text.size() >= Shortest && text.size() <= Longest &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

//! Base64 and its like: anything else would be misread where the parts stand joined.
bool isSecret(QByteArrayView text)
{
    constexpr qsizetype Longest = 16'384;
    return !text.isEmpty() && text.size() <= Longest &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return c > ' ' && c < '\x7f' && c != ':'; });
}

bool areSound(QByteArrayView id, QByteArrayView secret, QByteArrayView token)
{
    return isKeyId(id) && isSecret(secret) && (token.isEmpty() || isSecret(token));
}

QString firstOf(const char *const *begin, const char *const *end, const Properties &first,
                const Properties &second)
{
    for (const char *const *name = begin; name != end; ++name) {
        if (!first.value(*name).isEmpty() || !second.value(*name).isEmpty())
            return QString::fromLatin1(*name);
    }
    return {};
}

enum class Secrets { LeaveOut, Take };

//! True if \p properties name keys, good or bad.
bool takeKeys(AwsProfile &profile, const Properties &properties, Secrets secrets)
{
    const QByteArrayView id = properties.value(KeyId);
    const QByteArrayView secret = properties.value(SecretKey);
    if (id.isEmpty() && secret.isEmpty())
        return false;
    QByteArrayView token = properties.value(SessionToken);
    if (token.isEmpty())
        token = properties.value(OldSessionToken);
    profile.kind = areSound(id, secret, token) ? AwsProfile::Kind::Keys : AwsProfile::Kind::Broken;
    if (secrets == Secrets::Take)
        profile.keys = awsKeys(id, secret, token).value_or(SecretString());
    return true;
}

AwsProfile profileFrom(const QString &name, const Properties &credentials, const Properties &config,
                       Secrets secrets)
{
    AwsProfile profile;
    profile.name = name;
    const auto text = [&](const char *setting) {
        const QByteArrayView here = credentials.value(setting);
        return QString::fromUtf8(here.isEmpty() ? config.value(setting) : here);
    };
    profile.region = text(Region);
    profile.obstacle =
        firstOf(std::begin(RoleSettings), std::end(RoleSettings), credentials, config);
    if (!profile.obstacle.isEmpty()) {
        profile.kind = AwsProfile::Kind::Unsupported;
        return profile;
    }
    if (takeKeys(profile, credentials, secrets))
        return profile;
    profile.process = text(Process);
    if (!profile.process.isEmpty()) {
        profile.kind = AwsProfile::Kind::Process;
        return profile;
    }
    if (takeKeys(profile, config, secrets))
        return profile;
    profile.obstacle =
        firstOf(std::begin(SignInSettings), std::end(SignInSettings), credentials, config);
    if (!profile.obstacle.isEmpty())
        profile.kind = AwsProfile::Kind::Unsupported;
    return profile;
}

//! Of both files, without repeats.
QStringList namesOf(const SharedFile &credentials, const SharedFile &config)
{
    QStringList names = credentials.names() + config.names();
    names.removeDuplicates();
    if (names.removeOne(QStringLiteral("default")))
        names.prepend(QStringLiteral("default"));
    return names;
}

QString fileFrom(const char *variable, const QString &standard)
{
    QString path = qEnvironmentVariable(variable);
    if (path.isEmpty())
        path = standard;
    if (path.startsWith(QStringLiteral("~/")))
        path = QDir::homePath() + path.sliced(1);
    return path;
}

//! A file's text, overwritten when it is no longer needed.
class FileText
{
public:
    FileText() = default;
    FileText(const FileText &) = delete;
    FileText &operator=(const FileText &) = delete;
    ~FileText() { explicit_bzero(m_text.data(), static_cast<size_t>(m_text.size())); }

    [[nodiscard]] Result<Done> read(const QString &path)
    {
        const QFileInfo info(path);
        if (!info.exists())
            return Done{};
        // A pipe or a device might never end.
        if (!info.isFile())
            return unreadable(path, QStringLiteral("is not a file"));
        if (info.size() > LargestFile)
            return unreadable(path, QStringLiteral("is larger than 1 MiB"));
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
            return unreadable(path, QStringLiteral("cannot be read"));
        m_text = file.read(LargestFile);
        return Done{};
    }
    [[nodiscard]] QByteArrayView view() const { return m_text; }

private:
    static Error unreadable(const QString &path, const QString &why)
    {
        return makeError(ErrorKind::KeyUnavailable, QStringLiteral("%1 %2.").arg(path, why));
    }
    QByteArray m_text;
};

//! Both files; null is no error here, but a file that is there and cannot be read is.
template <typename Read>
auto withFiles(const AwsEnvironment &environment, Read read) -> decltype(read({}, {}))
{
    FileText credentials;
    FileText config;
    if (const auto taken = credentials.read(environment.credentialsFile); !taken)
        return taken.error();
    if (const auto taken = config.read(environment.configFile); !taken)
        return taken.error();
    return read(credentials.view(), config.view());
}

} // namespace

AwsEnvironment AwsEnvironment::current()
{
    AwsEnvironment environment;
    const QString folder = QDir::homePath() + QStringLiteral("/.aws/");
    environment.credentialsFile =
        fileFrom("AWS_SHARED_CREDENTIALS_FILE", folder + QStringLiteral("credentials"));
    environment.configFile = fileFrom("AWS_CONFIG_FILE", folder + QStringLiteral("config"));
    environment.profile = qEnvironmentVariable("AWS_PROFILE").trimmed();
    if (environment.profile.isEmpty())
        environment.profile = QStringLiteral("default");
    environment.region = qEnvironmentVariable("AWS_REGION").trimmed();
    if (environment.region.isEmpty())
        environment.region = qEnvironmentVariable("AWS_DEFAULT_REGION").trimmed();
    return environment;
}

QList<AwsProfile> awsProfilesIn(QByteArrayView credentials, QByteArrayView config)
{
    const SharedFile secrets(credentials, FileKind::Credentials);
    const SharedFile settings(config, FileKind::Config);
    QList<AwsProfile> profiles;
    for (const QString &name : namesOf(secrets, settings))
        profiles.append(profileFrom(name, secrets.properties(name), settings.properties(name),
                                    Secrets::LeaveOut));
    return profiles;
}

Result<AwsProfile> awsProfileIn(QByteArrayView credentials, QByteArrayView config,
                                const QString &name)
{
    const SharedFile secrets(credentials, FileKind::Credentials);
    const SharedFile settings(config, FileKind::Config);
    const QStringList names = namesOf(secrets, settings);
    if (names.contains(name))
        return profileFrom(name, secrets.properties(name), settings.properties(name),
                           Secrets::Take);
    constexpr qsizetype Told = 8;
    const QString missing = QStringLiteral("There is no AWS profile \"%1\".").arg(name);
    if (names.isEmpty())
        return makeError(ErrorKind::KeyMissing,
                         missing + QStringLiteral(" AWS's files name none at all."));
    return makeError(
        ErrorKind::KeyMissing,
        missing + QStringLiteral(" There are: %1%2.")
                      .arg(names.first(std::min(Told, names.size())).join(QStringLiteral(", ")),
                           names.size() > Told ? QStringLiteral(", ...") : QString()));
}

Result<QList<AwsProfile>> readAwsProfiles(const AwsEnvironment &environment)
{
    return withFiles(environment, [](QByteArrayView credentials, QByteArrayView config) {
        return Result<QList<AwsProfile>>(awsProfilesIn(credentials, config));
    });
}

Result<AwsProfile> readAwsProfile(const AwsEnvironment &environment, const QString &name)
{
    return withFiles(environment, [&name](QByteArrayView credentials, QByteArrayView config) {
        return awsProfileIn(credentials, config, name);
    });
}

std::optional<SecretString> awsKeys(QByteArrayView id, QByteArrayView secret, QByteArrayView token)
{
    if (!areSound(id, secret, token))
        return std::nullopt;
    QByteArray text;
    text.reserve(id.size() + secret.size() + token.size() + 2);
    text.append(id).append(':').append(secret);
    if (!token.isEmpty())
        text.append(':').append(token);
    const SecretString keys(text);
    explicit_bzero(text.data(), static_cast<size_t>(text.size()));
    return keys;
}

Error awsProfileProblem(const AwsProfile &profile)
{
    if (profile.kind == AwsProfile::Kind::Unsupported)
        return makeError(
            ErrorKind::KeyMissing,
            QStringLiteral("The AWS profile \"%1\" gets its keys by %2, which Farthing does not "
                           "do. Make another profile with this line, and choose that one: "
                           "credential_process = aws configure export-credentials --profile %1 "
                           "--format process")
                .arg(profile.name, profile.obstacle));
    if (profile.kind == AwsProfile::Kind::Broken)
        return makeError(
            ErrorKind::KeyMissing,
            QStringLiteral("The keys of the AWS profile \"%1\" are not whole: it needs "
                           "aws_access_key_id and aws_secret_access_key, as AWS shows "
                           "them.")
                .arg(profile.name));
    return makeError(
        ErrorKind::KeyMissing,
        QStringLiteral("The AWS profile \"%1\" holds no access keys. Run: aws configure "
                       "--profile %1")
            .arg(profile.name));
}

} // namespace core
