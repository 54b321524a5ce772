#pragma once

#include "core/base/picousd.h"

#include <QString>

#include <chrono>
#include <cstdint>
#include <optional>

namespace app {

//! Writes one JSON object with its members in the order they are given (QJsonObject sorts them).
//! Unknown values become null, never 0.
class JsonWriter
{
public:
    JsonWriter &member(QLatin1StringView name, const QString &value);
    //! Would silently become bool.
    JsonWriter &member(QLatin1StringView name, const char *) = delete;
    JsonWriter &member(QLatin1StringView name, bool value);
    JsonWriter &member(QLatin1StringView name, std::int64_t value);
    JsonWriter &member(QLatin1StringView name, std::optional<std::int64_t> value);
    JsonWriter &member(QLatin1StringView name, std::optional<double> value);
    JsonWriter &member(QLatin1StringView name, std::optional<std::chrono::milliseconds> value);
    //! Decimal string.
    JsonWriter &member(QLatin1StringView name, std::optional<core::PicoUsd> value);
    JsonWriter &textOrNull(QLatin1StringView name, const QString &value); //!< Empty is not known.
    JsonWriter &null(QLatin1StringView name);
    JsonWriter &raw(QLatin1StringView name, const QString &json); //!< \p json is JSON already.

    [[nodiscard]] QString toString() const { return m_text + QLatin1Char('}'); }

    [[nodiscard]] static QString quoted(const QString &text);
    //! "[a,b]" from JSON values.
    [[nodiscard]] static QString array(const QStringList &values);

private:
    void name(QLatin1StringView name);
    QString m_text = QStringLiteral("{");
};

} // namespace app
