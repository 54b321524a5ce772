#pragma once

#include "ui/transcript/messagepart.h"
#include "ui/transcript/transcriptmessage.h"
#include "ui/transcript/transcriptstyle.h"

#include <QCoreApplication>
#include <QList>
#include <QPoint>

class QPainter;

namespace ui {

//! What stands around a message's text: seams, header, reasoning line, error card, footer.
//! Measures, paints and says what can be pressed; made anew for each question, so it holds
//! references only.
struct MessageChrome
{
    Q_DECLARE_TR_FUNCTIONS(ui::MessageChrome)
public:
    MessageChrome(const TranscriptMessage &m, const TranscriptStyle &s, int w, bool reasoning,
                  bool detail)
        : message(m)
        , style(s)
        , width(w)
        , reasoningOpen(reasoning)
        , detailOpen(detail)
    {
    }
    [[nodiscard]] int height(MessagePart::Kind kind) const;
    [[nodiscard]] QList<HotSpot> spots(MessagePart::Kind kind, int top) const;
    [[nodiscard]] int seamHeight() const;
    void paintSeam(QPainter &painter, const QString &words, QPoint at) const;
    void paint(QPainter &painter, MessagePart::Kind kind, QPoint at, const HotSpot *hovered) const;

    const TranscriptMessage &message;
    const TranscriptStyle &style;
    int width;
    bool reasoningOpen;
    bool detailOpen;

private:
    [[nodiscard]] bool isStacked() const;
    [[nodiscard]] int rowHeight() const; //!< Of the footer.
    [[nodiscard]] int stackedHeight(const FooterSegment &segment) const;
    [[nodiscard]] QList<FooterSegment> shownSegments() const;
    [[nodiscard]] QList<QRect> segmentRects(const QList<FooterSegment> &segments) const;
    [[nodiscard]] QFont fontOf(FooterTone tone) const;
    [[nodiscard]] int segmentWidth(const FooterSegment &segment) const;
    [[nodiscard]] int actionsWidth() const;
    [[nodiscard]] QString reasoningText() const;
    [[nodiscard]] QList<QRect> fileRects() const; //!< From the part's top left.
    void paintFiles(QPainter &painter, QPoint at) const;
    [[nodiscard]] QRect textRect(const QString &text, const QFont &font, int top) const;
    void paintFooter(QPainter &painter, QPoint at, const HotSpot *hovered) const;
    void paintError(QPainter &painter, QPoint at, const HotSpot *hovered) const;
    QList<HotSpot> footerSpots(int top) const;  //!< What stands at the right.
    QList<HotSpot> segmentSpots(int top) const; //!< Figures that can be pressed.
    QList<HotSpot> errorSpots(int top) const;
};

} // namespace ui
