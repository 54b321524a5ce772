#include "app/console.h"
#include "app/jsonwriter.h"
#include "app/verbs/await.h"
#include "app/verbs/verbs.h"
#include "core/secrets/keychainkeystore.h"
#include "core/store/databasefile.h"
#include "core/store/migrations.h"
#include "core/store/opening.h"

#include <QFile>
#include <QFileInfo>
#include <QNetworkProxyFactory>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QSysInfo>
#include <QUrl>

#include <sqlite3.h>

namespace app {

using namespace Qt::StringLiterals;

namespace {

//! One thing looked at.
struct Finding
{
    QString name;
    QString value;
    bool ok = true;
};

QString databasePath(const Profile &profile)
{
    return profile.dataDirectory() + QStringLiteral("/farthing.db");
}

//! Lets \p look read the database, if there is one that can be opened.
template <typename Look>
void readDatabase(const Profile &profile, Look look)
{
    if (!QFileInfo::exists(databasePath(profile)))
        return;
    const QString connection = QStringLiteral("doctor");
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection);
        db.setDatabaseName(core::readingName(databasePath(profile))); // also on a full disk
        db.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI"));
        if (db.open()) {
            QSqlQuery query(db);
            look(query);
        }
    }
    QSqlDatabase::removeDatabase(connection);
}

Finding database(const Profile &profile)
{
    const QString path = databasePath(profile);
    Finding finding{QStringLiteral("database"), path, true};
    if (!QFileInfo::exists(path)) {
        finding.value += QStringLiteral(": not made yet");
        return finding;
    }
    QString answer = QStringLiteral("cannot be opened");
    QString version = QStringLiteral("unknown");
    readDatabase(profile, [&](QSqlQuery &query) {
        if (query.exec(QStringLiteral("PRAGMA integrity_check")) && query.next())
            answer = query.value(0).toString();
        if (query.exec(QStringLiteral("PRAGMA user_version")) && query.next())
            version = query.value(0).toString();
    });
    finding.ok = answer == "ok"_L1;
    finding.value += QStringLiteral(": integrity %1, schema %2").arg(answer, version);
    const int known = static_cast<int>(core::schemaSteps().size());
    if (version.toInt() > known) {
        finding.ok = false; // nothing can be asked
        finding.value += QStringLiteral(". ") + core::newerNotice(version.toInt(), known);
    }
    return finding;
}

//! Of the accounts, and what --set or an earlier version gives.
QStringList authorityFiles(const Profile &profile, const core::Settings &settings)
{
    QStringList files;
    readDatabase(profile, [&files](QSqlQuery &query) {
        // Fails, and finds none, in a database that is none of ours.
        if (!query.exec(QStringLiteral("SELECT DISTINCT json_extract(state, '$.file') FROM "
                                       "provider_state WHERE kind = 'authority'")))
            return;
        while (query.next())
            files.append(query.value(0).toString());
    });
    files.append(settings.value(core::settings::CaFile));
    files.removeAll(QString());
    files.removeDuplicates();
    return files;
}

Finding proxy(const core::Settings &settings)
{
    if (!settings.value(core::settings::UseSystemProxy))
        return {QStringLiteral("proxy"), QStringLiteral("none (turned off in the settings)"), true};
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    const QList<QNetworkProxy> proxies = QNetworkProxyFactory::systemProxyForQuery(
        QNetworkProxyQuery(QUrl(QStringLiteral("https://api.example.com"))));
    QStringList shown;
    for (const QNetworkProxy &p : proxies) {
        if (p.type() != QNetworkProxy::NoProxy && p.type() != QNetworkProxy::DefaultProxy)
            shown.append(QStringLiteral("%1:%2")
                             .arg(p.hostName())
                             .arg(p.port())); // never its user or password
    }
    return {QStringLiteral("proxy"),
            shown.isEmpty() ? QStringLiteral("none") : shown.join(QStringLiteral(", ")), true};
}

Finding certificates(const Profile &profile, const core::Settings &settings)
{
    const qsizetype count = QSslConfiguration::systemCaCertificates().size();
    Finding finding{QStringLiteral("certificates"),
                    QStringLiteral("%1 authorities of the system").arg(count), count > 0};
    for (const QString &path : authorityFiles(profile, settings)) {
        QFile file(path);
        const qsizetype added = file.open(QIODevice::ReadOnly)
                                    ? QSslCertificate::fromDevice(&file, QSsl::Pem).size()
                                    : 0;
        finding.ok = finding.ok && added > 0; // without it its service is not connected to
        finding.value += added > 0 ? QStringLiteral(", %1 of %2").arg(added).arg(path)
                                   : QStringLiteral(", none of %1: it cannot be read").arg(path);
    }
    return finding;
}

Finding keychain(bool demo)
{
    if (demo)
        return {QStringLiteral("keychain"), QStringLiteral("not opened (--demo)"), true};
    core::SystemClock clock;
    core::KeychainKeyStore store(QStringLiteral("farthing"), clock);
    const auto answer = await(store.probe());
    return {QStringLiteral("keychain"),
            answer
                ? QStringLiteral("answers")
                : answer.error().detail +
                      QStringLiteral(
                          " Keys can be kept until Farthing quits, or come from the environment."),
            answer.hasValue()};
}

//! Whether a folder that is not there can be: what there is of the way to it must let it.
bool canBeMade(const QString &path)
{
    QFileInfo above(path);
    while (!above.exists() && !above.isRoot())
        above.setFile(above.absolutePath());
    return above.isDir() && above.isWritable();
}

Finding permissions(const Profile &profile)
{
    const QFileInfo directory(profile.dataDirectory());
    if (!directory.exists()) {
        const bool isPossible = canBeMade(directory.filePath());
        return {QStringLiteral("data folder"),
                directory.filePath() +
                    (isPossible ? QStringLiteral(": not made yet")
                                : QStringLiteral(": cannot be made; check what lies above it")),
                isPossible};
    }
    const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther |
                        QFileDevice::WriteOther;
    const bool privateToUser = !(directory.permissions() & others);
    return {QStringLiteral("data folder"),
            directory.filePath() +
                (privateToUser ? QStringLiteral(": private")
                               : QStringLiteral(": others may read it; run chmod 700 on it")),
            privateToUser && directory.isWritable()};
}

} // namespace

ExitCode runDoctor(const CommandLine &line, const Profile &profile, const core::Settings &settings)
{
    const QString tls = QSslSocket::supportsSsl()
                            ? QStringLiteral("%1, %2").arg(QSslSocket::activeBackend(),
                                                           QSslSocket::sslLibraryVersionString())
                            : QStringLiteral("none");
    const QList<Finding> findings{
        {QStringLiteral("farthing"), QStringLiteral(FARTHING_VERSION), true},
        {QStringLiteral("system"),
         QSysInfo::prettyProductName() + QLatin1Char(' ') + QSysInfo::currentCpuArchitecture(),
         true},
        {QStringLiteral("qt"),
         QStringLiteral("%1, built with %2")
             .arg(QString::fromLatin1(qVersion()), QStringLiteral(QT_VERSION_STR)),
         true},
        {QStringLiteral("sqlite"), QString::fromLatin1(sqlite3_libversion()), true},
        {QStringLiteral("tls"), tls, QSslSocket::supportsSsl()},
        certificates(profile, settings),
        proxy(settings),
        keychain(line.has(QStringLiteral("--demo"))),
        permissions(profile),
        database(profile),
    };
    bool allOk = true;
    JsonWriter json;
    QString text;
    for (const Finding &finding : findings) {
        allOk = allOk && finding.ok;
        text += QStringLiteral("%1 %2  %3\n")
                    .arg(finding.ok ? QStringLiteral("ok  ") : QStringLiteral("look"),
                         QString(finding.name).leftJustified(13), finding.value);
        JsonWriter member;
        member.member("value"_L1, finding.value).member("ok"_L1, finding.ok);
        json.raw(QLatin1StringView(
                     QString(finding.name).replace(QLatin1Char(' '), QLatin1Char('_')).toLatin1()),
                 member.toString());
    }
    if (line.has(QStringLiteral("--json")))
        Console::outLine(json.member("ok"_L1, allOk).toString());
    else
        Console::out(text);
    return allOk ? ExitCode::Success : ExitCode::Internal;
}

} // namespace app
