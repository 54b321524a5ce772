#pragma once

#include <QByteArray>
#include <QString>

namespace core {

//! What keeps \p json, as a person typed it, from being a JSON schema for an answer: a sentence
//! that names the place and what is wrong there; empty: nothing does. What services differ in (the
//! keywords that they heed, whether an object must be closed) is not judged here.
[[nodiscard]] QString answerSchemaFault(const QByteArray &json);

} // namespace core
