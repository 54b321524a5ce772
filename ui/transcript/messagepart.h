#pragma once

#include <QRect>
#include <QString>

namespace ui {

//! Something in a message that can be pressed, by mouse or keys.
struct HotSpot
{
    enum class Kind { Action, Version, Link, CopyCode, WrapCode, Reasoning, ErrorDetail, More };
    Kind kind = Kind::Action;
    QString id; //!< Action: its id. More: none, it opens the menu of all actions. Link: the target.
    QString text;  //!< What stands on it; also its accessible name.
    int value = 0; //!< Version: the step. Link: its number in the block.
    QRect rect;    //!< In the message's column, from the part's top.
};

//! A horizontal slice of a message: what is measured, laid out and painted by itself.
struct MessagePart
{
    enum class Kind {
        Seam,
        Files,
        Header,
        ReasoningHead,
        Reasoning,
        Content,
        Error,
        Footer,
        Space
    };
    Kind kind = Kind::Space;
    int block = 0;  //!< Reasoning, Content.
    int seam = -1;  //!< Content: index of the seam that is drawn at the end of the gap; -1: none.
    int gap = 0;    //!< Room above, part of the height.
    int height = 0; //!< An estimate until it was measured.
    bool measured = false;
};

} // namespace ui
