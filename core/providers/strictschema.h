#pragma once

#include <QByteArray>

namespace core {

struct HttpRequest;

//! Whether OpenAI takes \p schema as "strict": every object in it says "additionalProperties":
//! false and requires all its properties, and there is no keyword that strictness knows not. Any
//! other one is refused as strict (400), and followed as well as the model can as it is.
[[nodiscard]] bool isStrictSchema(const QByteArray &schema);

//! \p schema with "additionalProperties": false in every object that says nothing about them:
//! Claude refuses the others, and what fits the closed schema fits the open one. As given if it
//! cannot be read. The order of members stays.
[[nodiscard]] QByteArray closedSchema(const QByteArray &schema);

//! Puts the members of \p schema, which stands somewhere in the JSON body of \p http, back into the
//! order that its author gave them and QJsonObject has lost: models write the members of an answer
//! in it, so that a reason comes before what it is the reason of.
void keepMemberOrder(HttpRequest &http, const QByteArray &schema);

} // namespace core
