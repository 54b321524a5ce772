#pragma once

#include "ui/transcript/transcriptmessage.h"

#include <QStringList>

namespace tests {

//! What can be pressed below a message, in its order.
inline QStringList actionTexts(const ui::TranscriptMessage &message)
{
    QStringList texts;
    for (const ui::MessageAction &action : message.actions)
        texts.append(action.text);
    return texts;
}

} // namespace tests
