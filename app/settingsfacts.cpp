#include "app/settingsfacts.h"

#include "app/proxypassword.h"
#include "core/store/databasefile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QNetworkProxyFactory>
#include <QSslCertificate>
#include <QtConcurrentRun>

namespace app {

namespace {

constexpr qint64 LargestAuthorityFile = 8 * 1024 * 1024;

//! Never with the proxy's user or password.
QString systemProxy()
{
    const QNetworkProxyQuery query(QUrl(QStringLiteral("https://api.openai.com/")));
    for (const QNetworkProxy &proxy : QNetworkProxyFactory::systemProxyForQuery(query)) {
        if (proxy.type() != QNetworkProxy::NoProxy && !proxy.hostName().isEmpty())
            return QStringLiteral("%1:%2").arg(proxy.hostName()).arg(proxy.port());
    }
    return {};
}

core::Result<int> countCertificates(const QString &path)
{
    QFile file(path);
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return core::rejected(QStringLiteral("This file cannot be read."));
    if (file.size() > LargestAuthorityFile)
        return core::rejected(QStringLiteral("This file is too large for one of certificates."));
    const QList<QSslCertificate> certificates = QSslCertificate::fromDevice(&file, QSsl::Pem);
    if (certificates.isEmpty())
        return core::rejected(
            QStringLiteral("There is no certificate in this file: it must be PEM."));
    return static_cast<int>(certificates.size());
}

core::Result<QString> backUp(const QString &database, const QString &file)
{
    if (const auto done = core::backUpDatabase(database, file); !done)
        return done.error();
    return file;
}

} // namespace

ui::NetworkFacts networkFacts(Engine &engine)
{
    ui::NetworkFacts facts;
    facts.systemProxy = [] { return QtConcurrent::run(systemProxy); };
    ProxyPassword &password = engine.proxyPassword();
    facts.login.passwordFor = [&password] { return password.proxy(); };
    facts.login.save = [&password](const QString &proxy, const core::SecretString &typed,
                                   core::KeySource source) {
        return password.save(proxy, typed, source);
    };
    facts.login.remove = [&password] { return password.remove(); };
    return facts;
}

ui::CertificatesIn certificatesIn()
{
    return [](const QString &file) { return QtConcurrent::run(countCertificates, file); };
}

ui::DataFacts dataFacts(Engine &engine)
{
    const QString database = engine.store().databasePath();
    ui::DataFacts facts;
    facts.folder = QFileInfo(database).absolutePath();
    facts.backups = QDir(facts.folder).filePath(QStringLiteral("backups"));
    facts.backUp = [&engine, database, backups = facts.backups](const QString &file) {
        const QString name =
            QStringLiteral("own-%1.db").arg(core::stampOf(engine.clock().utcNow()));
        return QtConcurrent::run(backUp, database,
                                 file.isEmpty() ? QDir(backups).filePath(name) : file);
    };
    facts.clearCache = [&engine] { return engine.answerCache().clear(); };
    return facts;
}

} // namespace app
