#include "app/profile.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace app {

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
    QDir().mkpath(directory);
    const QString canonical = QFileInfo(directory).canonicalFilePath();
    const QString path = canonical.isEmpty() ? QDir(directory).absolutePath() : canonical;
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
