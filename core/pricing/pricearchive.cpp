#include "core/pricing/pricearchive.h"

#include <QCoreApplication>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>

namespace core {

namespace {

constexpr qint64 LargestIndex = 64 * 1024;
constexpr qint64 LargestCatalogue = 32 * 1024 * 1024;
const QString IndexName = QStringLiteral("index.json");

Error storageFailed(const char *sentence, const QString &path)
{
    return makeError(ErrorKind::StorageFailed,
                     QCoreApplication::translate("core::PriceArchive", sentence).arg(path));
}

//! Ids are made here: digits, and so never a path.
bool isId(const QString &id)
{
    return !id.isEmpty() && id.size() <= 20 &&
           std::all_of(id.cbegin(), id.cend(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

QJsonValue timeValue(const std::optional<UtcTime> &time)
{
    return time ? QJsonValue(static_cast<qint64>(time->time_since_epoch().count())) : QJsonValue();
}

std::optional<UtcTime> timeFrom(const QJsonValue &value)
{
    if (!value.isDouble())
        return std::nullopt;
    return UtcTime(std::chrono::milliseconds(value.toInteger()));
}

QJsonObject rowOf(const PriceVersion &version)
{
    return {{QStringLiteral("id"), version.id},
            {QStringLiteral("version"), version.version},
            {QStringLiteral("source"), version.source},
            {QStringLiteral("taken_at"), timeValue(version.takenAt)},
            {QStringLiteral("checked_on"), timeValue(version.checkedOn)},
            {QStringLiteral("models"), version.models}};
}

PriceVersion versionFrom(const QJsonObject &row)
{
    PriceVersion version;
    version.id = row.value(QStringLiteral("id")).toString();
    version.version = row.value(QStringLiteral("version")).toString();
    version.source = row.value(QStringLiteral("source")).toString();
    version.takenAt = timeFrom(row.value(QStringLiteral("taken_at"))).value_or(UtcTime());
    version.checkedOn = timeFrom(row.value(QStringLiteral("checked_on")));
    version.models = row.value(QStringLiteral("models")).toInt();
    return version;
}

bool isKept(const PriceVersions &versions, const QString &id)
{
    return std::any_of(versions.kept.cbegin(), versions.kept.cend(),
                       [&](const PriceVersion &one) { return one.id == id; });
}

//! Kept or held: its file is needed.
bool isNamed(const PriceVersions &versions, const QString &id)
{
    return isKept(versions, id) || (versions.held && versions.held->id == id);
}

bool writeWhole(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
}

} // namespace

QString PriceArchive::pathOf(const QString &id) const
{
    return m_directory + QLatin1Char('/') + id + QStringLiteral(".json");
}

Result<PriceVersions> PriceArchive::versions() const
{
    QFile file(m_directory + QLatin1Char('/') + IndexName);
    if (!file.exists())
        return PriceVersions{};
    const auto damaged = [&file] {
        return storageFailed(QT_TRANSLATE_NOOP("core::PriceArchive", "%1 is damaged."),
                             file.fileName());
    };
    if (!file.open(QIODevice::ReadOnly))
        return damaged();
    const QJsonDocument document = QJsonDocument::fromJson(file.read(LargestIndex));
    const QJsonObject root = document.object();
    PriceVersions versions;
    versions.current = root.value(QStringLiteral("current")).toString();
    const QJsonArray rows = root.value(QStringLiteral("kept")).toArray();
    for (const QJsonValue &row : rows) {
        const PriceVersion version = versionFrom(row.toObject());
        if (!isId(version.id) || isKept(versions, version.id) || versions.kept.size() == Kept)
            return damaged();
        versions.kept.append(version);
    }
    if (const QJsonValue row = root.value(QStringLiteral("held")); row.isObject()) {
        versions.held = versionFrom(row.toObject());
        if (!isId(versions.held->id) || isKept(versions, versions.held->id))
            return damaged();
    }
    if (!document.isObject() ||
        (!versions.current.isEmpty() && !isKept(versions, versions.current)))
        return damaged();
    return versions;
}

Result<QByteArray> PriceArchive::bytes(const QString &id) const
{
    QFile file(pathOf(id));
    if (!isId(id) || !file.open(QIODevice::ReadOnly))
        return storageFailed(QT_TRANSLATE_NOOP("core::PriceArchive", "%1 cannot be read."),
                             file.fileName());
    return file.read(LargestCatalogue + 1);
}

Result<PriceCatalogue> PriceArchive::read(const QString &id) const
{
    const auto json = bytes(id);
    if (!json)
        return json.error();
    return PriceCatalogue::fromJson(*json);
}

Result<std::optional<PriceCatalogue>> PriceArchive::current() const
{
    const auto known = versions();
    if (!known)
        return known.error();
    if (known->current.isEmpty())
        return std::optional<PriceCatalogue>();
    auto catalogue = read(known->current);
    if (!catalogue)
        return catalogue.error();
    return std::optional<PriceCatalogue>(std::move(catalogue).value());
}

Result<Done> PriceArchive::add(const PriceVersions &known, const QByteArray &json,
                               PriceVersion &about) const
{
    qint64 id = std::max<qint64>(1, about.takenAt.time_since_epoch().count());
    while (isNamed(known, QString::number(id)))
        ++id; // two within a millisecond, or a clock that was set back
    about.id = QString::number(id);
    if (!QDir().mkpath(m_directory) || !writeWhole(pathOf(about.id), json))
        return storageFailed(QT_TRANSLATE_NOOP("core::PriceArchive", "%1 cannot be written."),
                             pathOf(about.id));
    return Done{};
}

Result<PriceVersions> PriceArchive::hold(const QByteArray &json, PriceVersion about) const
{
    const auto known = versions();
    if (!known)
        return known.error();
    PriceVersions next = *known;
    if (const auto added = add(next, json, about); !added)
        return added.error();
    next.held = about;
    if (const auto written = write(next); !written)
        return written.error();
    removeOthers(next);
    return next;
}

Result<PriceVersions> PriceArchive::dropHeld() const
{
    const auto known = versions();
    if (!known)
        return known.error();
    PriceVersions next = *known;
    next.held.reset();
    if (next == *known)
        return next;
    if (const auto written = write(next); !written)
        return written.error();
    removeOthers(next);
    return next;
}

Result<PriceVersions> PriceArchive::keep(const QByteArray &json, PriceVersion about) const
{
    const auto known = versions();
    PriceVersions next = known ? *known : PriceVersions{};
    if (const auto added = add(next, json, about); !added)
        return added.error();
    next.kept.prepend(about);
    next.current = about.id;
    next.held.reset(); // it is this one, or older news
    while (next.kept.size() > Kept)
        next.kept.removeLast();
    if (const auto written = write(next); !written)
        return written.error();
    removeOthers(next);
    return next;
}

Result<PriceVersions> PriceArchive::use(const QString &id) const
{
    const auto known = versions();
    PriceVersions next = known ? *known : PriceVersions{};
    if (!id.isEmpty() && !isKept(next, id))
        return storageFailed(QT_TRANSLATE_NOOP("core::PriceArchive", "%1 cannot be read."),
                             pathOf(id));
    next.current = id;
    if (!QDir().mkpath(m_directory))
        return storageFailed(QT_TRANSLATE_NOOP("core::PriceArchive", "%1 cannot be written."),
                             m_directory);
    if (const auto written = write(next); !written)
        return written.error();
    return next;
}

Result<Done> PriceArchive::write(const PriceVersions &versions) const
{
    QJsonArray rows;
    for (const PriceVersion &version : versions.kept)
        rows.append(rowOf(version));
    const QString path = m_directory + QLatin1Char('/') + IndexName;
    QJsonObject root{{QStringLiteral("current"), versions.current}, {QStringLiteral("kept"), rows}};
    if (versions.held)
        root.insert(QStringLiteral("held"), rowOf(*versions.held));
    if (!writeWhole(path, QJsonDocument(root).toJson()))
        return storageFailed(QT_TRANSLATE_NOOP("core::PriceArchive", "%1 cannot be written."),
                             path);
    return Done{};
}

//! Also what a process left behind that died between its two writes.
void PriceArchive::removeOthers(const PriceVersions &versions) const
{
    const QStringList files = QDir(m_directory).entryList({QStringLiteral("*.json")}, QDir::Files);
    for (const QString &file : files) {
        const QString id = file.chopped(5);
        if (isId(id) && !isNamed(versions, id))
            QFile::remove(pathOf(id));
    }
}

} // namespace core
