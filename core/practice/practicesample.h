#pragma once

#include <QJsonObject>
#include <QString>

namespace core {

//! An answer to \p question that \p schema allows, as JSON text: made by rules, not by a model.
//! Required members come first, in the schema's order of them. Of keywords that only forbid
//! ("not", "pattern") nothing is heeded.
[[nodiscard]] QString practiceSample(const QJsonObject &schema, const QString &question);

} // namespace core
