#include "core/settings/settings.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSaveFile>

#include <algorithm>
#include <variant>

namespace core {

namespace {

using AnySetting = std::variant<Setting<bool>, Setting<int>, Setting<QString>>;

const QList<AnySetting> &table()
{
    using namespace settings;
    static const QList<AnySetting> all{Theme,
                                       TextSize,
                                       FollowAnswers,
                                       SpokenAnswers,
                                       WideColumn,
                                       SidebarCollapsed,
                                       DetailsShown,
                                       WindowGeometry,
                                       Shortcuts,
                                       NotifyOfAnswers,
                                       SendWithEnter,
                                       LastTarget,
                                       LastRoute,
                                       FavouriteModels,
                                       RecentModels,
                                       CompareTargets,
                                       ShownWorkspace,
                                       BlockedPatterns,
                                       DayLimit,
                                       MonthLimit,
                                       PromptCache,
                                       PriceAddress,
                                       Retry,
                                       ContinueBrokenAnswers,
                                       DrainStopped,
                                       Fallback,
                                       FallbackTargets,
                                       FallbackRoute,
                                       RetriesPerTarget,
                                       AttemptsPerRequest,
                                       RetryBaseDelay,
                                       RetryLongestDelay,
                                       RetryJitterPercent,
                                       TargetsPerRequest,
                                       LongestQuietWait,
                                       LongestWait,
                                       ConnectTimeout,
                                       FirstByteTimeout,
                                       SlowFirstByteTimeout,
                                       IdleTimeout,
                                       TotalTimeout,
                                       UseSystemProxy,
                                       ProxyUser,
                                       ProxyPasswordFor,
                                       CaFile,
                                       CredentialProcess,
                                       ActiveCheck,
                                       PracticeTokensPerSecond};
    return all;
}

QString nameOf(const AnySetting &setting)
{
    return std::visit([](const auto &s) { return s.name(); }, setting);
}

//! Keys of the same area, or all that share a word with \p key.
QStringList near(const QString &key)
{
    const QString area = key.section(QLatin1Char('/'), 0, 0);
    QStringList found;
    for (const AnySetting &setting : table()) {
        if (nameOf(setting).startsWith(area + QLatin1Char('/')))
            found.append(nameOf(setting));
    }
    return found.isEmpty() ? Settings::keys() : found;
}

std::optional<QJsonValue> parsed(const Setting<bool> &, const QString &text)
{
    if (text == QStringLiteral("true") || text == QStringLiteral("false"))
        return QJsonValue(text == QStringLiteral("true"));
    return std::nullopt;
}

std::optional<QJsonValue> parsed(const Setting<int> &, const QString &text)
{
    bool ok = false;
    const int number = text.toInt(&ok);
    return ok ? std::optional(QJsonValue(number)) : std::nullopt;
}

std::optional<QJsonValue> parsed(const Setting<QString> &, const QString &text)
{
    return QJsonValue(text);
}

const char *typeName(const AnySetting &setting)
{
    constexpr const char *Names[] = {"true or false", "a whole number", "text"};
    return Names[setting.index()];
}

} // namespace

Settings::Settings(const QString &file, QObject *parent)
    : QObject(parent)
    , m_file(file)
{
    read();
}

QStringList Settings::keys()
{
    QStringList names;
    for (const AnySetting &setting : table())
        names.append(nameOf(setting));
    return names;
}

void Settings::read()
{
    constexpr qint64 Largest = 4 * 1024 * 1024;
    QFile file(m_file);
    if (!file.exists())
        return;
    QJsonParseError parseError;
    QJsonDocument document;
    if (file.size() <= Largest && file.open(QIODevice::ReadOnly))
        document = QJsonDocument::fromJson(file.readAll(), &parseError);
    if (document.isObject()) {
        m_values = document.object();
        return;
    }
    m_unreadable = true;
    m_notice =
        QStringLiteral("The settings in %1 cannot be read; the defaults are used.").arg(m_file);
}

QJsonValue Settings::lookUp(const QString &key) const
{
    const auto over = m_overrides.constFind(key);
    return over != m_overrides.constEnd() ? over.value() : m_values.value(key);
}

Result<Done> Settings::store(const QString &key, const QJsonValue &value, bool isDefault)
{
    m_overrides.remove(key); // what the user sets now is what the user wants
    if (isDefault)
        m_values.remove(key);
    else
        m_values.insert(key, value);
    Result<Done> written = write();
    Q_EMIT changed(key);
    return written;
}

Result<Done> Settings::write()
{
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    if (m_unreadable) {
        QFile::remove(m_file + QStringLiteral(".unreadable"));
        QFile::rename(m_file, m_file + QStringLiteral(".unreadable"));
        m_unreadable = false;
    }
    QSaveFile file(m_file);
    const QByteArray json = QJsonDocument(m_values).toJson();
    // Before Qt 6.10 commit() could succeed after a failed flush(): look at both.
    const bool written =
        file.open(QIODevice::WriteOnly) && file.write(json) == json.size() && file.flush();
    if (!written)
        file.cancelWriting();
    if (!written || !file.commit())
        return makeError(ErrorKind::StorageFailed,
                         QStringLiteral("The settings could not be written to %1. Check that the "
                                        "disk has room and the folder may be written.")
                             .arg(m_file));
    return Done{};
}

Result<Done> Settings::setOverride(const QString &assignment)
{
    const qsizetype equals = assignment.indexOf(QLatin1Char('='));
    const QString key = assignment.left(equals);
    const QList<AnySetting> &all = table();
    const auto known =
        std::find_if(all.begin(), all.end(), [&](const AnySetting &s) { return nameOf(s) == key; });
    if (equals < 0)
        return rejected(QStringLiteral("--set takes KEY=VALUE, not '%1'.").arg(assignment));
    if (known == all.end())
        return rejected(QStringLiteral("There is no setting '%1'. Like it: %2.")
                            .arg(key, near(key).join(QStringLiteral(", "))));
    const QString text = assignment.mid(equals + 1);
    const std::optional<QJsonValue> value =
        std::visit([&](const auto &s) { return parsed(s, text); }, *known);
    if (!value)
        return rejected(QStringLiteral("%1 takes %2, not '%3'.")
                            .arg(key, QString::fromLatin1(typeName(*known)), text));
    m_overrides.insert(key, *value);
    Q_EMIT changed(key);
    return Done{};
}

} // namespace core
