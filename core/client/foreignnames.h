#pragma once

#include "core/chat/streamevent.h"
#include "core/providers/provideradapter.h"

namespace core {

//! Takes keys that a service echoes out of what it calls things: ids, models, codes, reasons. All
//! of these are stored, exported and shown verbatim. What the model says is left alone. \p asked,
//! the model that was asked for, is no echo, whatever it looks like.
void redactNames(StreamEvent &event, const QString &asked);
void redactNames(Error &error); //!< Its detail and body too.
void redactNames(ResponseFacts &facts);

} // namespace core
