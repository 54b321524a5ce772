#pragma once

#include <QColor>
#include <QFont>
#include <QString>

#include <array>

namespace ui {

enum class Scheme { Light, Dark };

//! Every colour, measure and font of the window, as a value. Colours are opaque. Lengths are
//! device-independent pixels; spacing comes in steps of four.
struct Theme
{
    static constexpr int Step = 4;
    static constexpr int ControlRadius = 8;
    static constexpr int CardRadius = 12;
    static constexpr int BubbleRadius = 14; //!< The composer's too.
    static constexpr int FocusWidth = 2;
    static constexpr int SeriesCount = 6;

    Scheme scheme = Scheme::Light;

    QColor window, sidebar, card, hairline, controlBorder;
    QColor text, muted;
    QColor faint; //!< Ornament only: too weak for text.
    QColor accent, accentText, accentSoft, onAccent;
    QColor good, goodSoft, warning, warningSoft, error, errorSoft;
    QColor userBubble, selectedRow;
    QColor code, keyword;
    std::array<QColor, SeriesCount> series; //!< Of charts, in order.

    QFont chrome;  //!< Buttons, lists, figures: the system's size, 13 px where that is usual.
    QFont small;   //!< Second lines and figures under answers.
    QFont heading; //!< Titles of pages and cards.
    QFont answer;  //!< Messages, one pixel above chrome.
    QFont mono;    //!< Code and ids.

    [[nodiscard]] bool isDark() const { return scheme == Scheme::Dark; }
    //! The colour that is \p provider's everywhere. \p provider is a row id of providers.json or
    //! a price provider; those that are not of the mission's six share the last.
    [[nodiscard]] QColor providerColor(const QString &provider) const;
};

//! \p system gives family and size of the fonts; \p textPercent scales them (100: as is).
[[nodiscard]] Theme makeTheme(Scheme scheme, const QFont &system, int textPercent = 100);

//! WCAG 2.1 contrast ratio, 1 to 21.
[[nodiscard]] double contrastRatio(const QColor &a, const QColor &b);

} // namespace ui
