#include "app/profile.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace app {

namespace {

//! Without links, so that a folder has one name; also before it is made, which is left to who
//! writes into it.
QString realPath(const QString &directory)
{
    const QString canonical = QFileInfo(directory).canonicalFilePath();
    if (!canonical.isEmpty())
        return canonical;
    QString above = QDir::cleanPath(QDir(directory).absolutePath());
    QString missing;
    while (!QFileInfo::exists(above)) {
        missing.prepend(QLatin1Char('/') + QFileInfo(above).fileName());
        above = QFileInfo(above).absolutePath();
    }
    return QDir::cleanPath(QFileInfo(above).canonicalFilePath() + missing);
}

} // namespace

Profile Profile::standard()
{
    Profile profile;
    profile.m_data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    profile.m_config = QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) +
                       QStringLiteral("/farthing.conf");
    profile.m_cache = QStandardPaths::writableLocation(QStandardPaths::CacheLocation);
    profile.m_service = QStringLiteral("farthing");
    return profile;
}

Profile Profile::below(const QString &directory)
{
    const QString path = realPath(directory);
    Profile profile;
    profile.m_data = path + QStringLiteral("/data");
    profile.m_config = path + QStringLiteral("/config/farthing.conf");
    profile.m_cache = path + QStringLiteral("/cache");
    const QByteArray hash =
        QCryptographicHash::hash(path.toUtf8(), QCryptographicHash::Sha256).toHex();
    profile.m_service = QStringLiteral("farthing-") + QString::fromLatin1(hash.first(12));
    return profile;
}

QString Profile::priceFile() const
{
    return QFileInfo(m_config).absolutePath() + QStringLiteral("/prices.json");
}

QString Profile::priceArchive() const
{
    return m_data + QStringLiteral("/prices");
}

Profile Profile::throwAway()
{
    auto temporary = std::make_shared<QTemporaryDir>();
    if (!temporary->isValid())
        return {};
    Profile profile = below(temporary->path());
    profile.m_temporary = temporary;
    return profile;
}

} // namespace app
