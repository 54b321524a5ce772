#pragma once

#include "core/base/clock.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringList>

#include <optional>

namespace core {

//! Reads rows of a JSON table and keeps the first fault, with the row it stands in.
class RowReader
{
protected:
    //! Calls \p item for each object of the list \p value; an absent list is empty.
    template <typename Function>
    bool forEach(const QJsonValue &value, const char *name, Function item);
    //! A list of texts; an absent one is empty.
    bool readTexts(const QJsonValue &value, const char *name, QStringList &texts);
    //! A day or a moment in UTC; an absent one stays none.
    bool readTime(const QJsonValue &value, std::optional<UtcTime> &time);
    bool refuse(const QString &why); //!< Returns false.

    //! Not there, or said to be unknown.
    [[nodiscard]] static bool isAbsent(const QJsonValue &value);
    //! A count that a JSON double holds exactly.
    [[nodiscard]] static std::optional<std::int64_t> wholeNumber(const QJsonValue &value);

    QString m_row; //!< Where we are: "provider/model".
    QString m_fault;
};

template <typename Function>
bool RowReader::forEach(const QJsonValue &value, const char *name, Function item)
{
    if (isAbsent(value))
        return true;
    if (!value.isArray())
        return refuse(QStringLiteral("%1 is no list").arg(QLatin1StringView(name)));
    const QJsonArray list = value.toArray();
    for (const QJsonValue &entry : list) {
        if (!entry.isObject())
            return refuse(QStringLiteral("%1 holds no object").arg(QLatin1StringView(name)));
        if (!item(entry.toObject()))
            return false;
    }
    return true;
}

} // namespace core
