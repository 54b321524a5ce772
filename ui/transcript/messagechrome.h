#pragma once

#include "ui/transcript/messagepart.h"
#include "ui/transcript/transcriptmessage.h"
#include "ui/transcript/transcriptstyle.h"

#include <QCoreApplication>
#include <QList>
#include <QPoint>

class QPainter;

namespace ui {

//! What stands around a message's text, the footer apart: seams, files, header, reasoning line,
//! error card. Measures, paints and says what can be pressed; made anew for each question, so it
//! holds references only.
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
    [[nodiscard]] QString reasoningText() const;
    [[nodiscard]] QList<QRect> fileRects() const; //!< From the part's top left.
    void paintFiles(QPainter &painter, QPoint at) const;
    [[nodiscard]] QRect textRect(const QString &text, const QFont &font, int top) const;
    void paintError(QPainter &painter, QPoint at, const HotSpot *hovered) const;
    [[nodiscard]] QList<HotSpot> errorSpots(int top) const;
};

} // namespace ui
