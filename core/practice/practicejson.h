#pragma once

#include "core/base/result.h"

#include <QJsonArray>
#include <QJsonObject>

#include <optional>

namespace core {

//! \p body as a JSON object, or InvalidRequest with a detail for the peer.
[[nodiscard]] Result<QJsonObject> practiceObject(const QByteArray &body);
[[nodiscard]] Error practiceBadRequest(const QString &detail);
//! A limit of tokens, none where it is not given; InvalidRequest below 1.
[[nodiscard]] Result<std::optional<qint64>> practiceLimit(const QJsonObject &object,
                                                          QLatin1StringView member);
[[nodiscard]] QByteArray practiceCompact(const QJsonObject &object);
//! Text of a message's content: a string, or the text parts of a list joined by blank lines.
[[nodiscard]] QString practiceText(const QJsonValue &content);
//! Parts of a message's content that are neither text nor the trace of an earlier answer.
[[nodiscard]] int practiceAttachments(const QJsonValue &content);

} // namespace core
