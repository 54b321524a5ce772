#pragma once

#include "ui/theme/theme.h"

#include <QColor>
#include <QFont>

namespace ui {

//! What the transcript draws with: the theme's colours and fonts. A value.
struct TranscriptStyle
{
    QColor window, card, hairline, controlBorder, text, mutedText, faint;
    QColor accent, accentText, accentSoft, onAccent;
    QColor good, goodSoft, warning, warningSoft, error, errorSoft;
    QColor userBubble, selection, find, code, keyword, function, number;
    QFont body;   //!< Answers and questions.
    QFont chrome; //!< Headers, footers, buttons.
    QFont mono;   //!< Code.

    [[nodiscard]] static TranscriptStyle of(const Theme &theme);
};

//! Distances in device-independent pixels, in steps of 4.
namespace metrics {
inline constexpr int ColumnWidth = 740;
inline constexpr int NarrowColumn = 440; //!< Below it a question takes nearly all of it.
inline constexpr int Margin = 24;
inline constexpr int BlockGap = 10;
inline constexpr int ItemGap = 4;
inline constexpr int TurnGap = 16;
inline constexpr int Indent = 22;
inline constexpr int QuoteIndent = 16;
inline constexpr int BubblePadding = 12;
inline constexpr int BubbleRadius = 14;
inline constexpr int CardRadius = 8;
inline constexpr int CodePadding = 12;
inline constexpr qreal LineFactor = 1.5; //!< Of a line of prose, in heights of its font.
inline constexpr int CellPadding = 8;
inline constexpr int BottomRoom = 24; //!< Below the last message.
} // namespace metrics

} // namespace ui
