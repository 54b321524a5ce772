#include "core/pricing/rowreader.h"

#include <QDateTime>

namespace core {

using namespace std::chrono;

bool RowReader::isAbsent(const QJsonValue &value)
{
    return value.isUndefined() || value.isNull();
}

std::optional<std::int64_t> RowReader::wholeNumber(const QJsonValue &value)
{
    const std::int64_t number = value.toInteger(-1);
    if (!value.isDouble() || number < 0 || number > 1'000'000'000'000)
        return std::nullopt;
    return number;
}

bool RowReader::refuse(const QString &why)
{
    if (m_fault.isEmpty())
        m_fault = m_row.isEmpty() ? why : m_row + QStringLiteral(": ") + why;
    return false;
}

bool RowReader::readTexts(const QJsonValue &value, const char *name, QStringList &texts)
{
    const QJsonArray list = value.toArray();
    bool sound = isAbsent(value) || value.isArray();
    for (const QJsonValue &entry : list) {
        sound = sound && entry.isString();
        texts.append(entry.toString());
    }
    return sound || refuse(QStringLiteral("%1 is no list of texts").arg(QLatin1StringView(name)));
}

bool RowReader::readTime(const QJsonValue &value, std::optional<UtcTime> &time)
{
    if (isAbsent(value))
        return true;
    const QString text = value.toString();
    if (text.size() == 10) {
        const QDate date = QDate::fromString(text, Qt::ISODate);
        if (date.isValid()) {
            time = UtcTime(days(date.toJulianDay() - QDate(1970, 1, 1).toJulianDay()));
            return true;
        }
    } else if (text.endsWith(QLatin1Char('Z'))) {
        const QDateTime moment = QDateTime::fromString(text, Qt::ISODateWithMs);
        if (moment.isValid()) {
            time = UtcTime(milliseconds(moment.toMSecsSinceEpoch()));
            return true;
        }
    }
    return refuse(QStringLiteral("'%1' is no UTC time").arg(text.left(40)));
}

} // namespace core
