#pragma once

#include "ui/transcript/messagepart.h"
#include "ui/transcript/transcriptmessage.h"
#include "ui/transcript/transcriptstyle.h"

#include <QCoreApplication>
#include <QList>
#include <QPoint>

class QPainter;

namespace ui {

//! The row under a message: figures at the left, what can be pressed at the right. It is laid out
//! once, when it is made: measuring, painting and the mouse ask it many times, and measuring words
//! is what a change of chat spends its time with.
class MessageFooter
{
    Q_DECLARE_TR_FUNCTIONS(ui::MessageFooter)
public:
    //! For a column of \p width pixels.
    MessageFooter(const TranscriptMessage &message, const TranscriptStyle &style, int width);

    [[nodiscard]] int height() const { return m_height; }
    [[nodiscard]] QList<HotSpot> spots(int top) const; //!< From left to right, figures first.
    void paint(QPainter &painter, const TranscriptStyle &style, QPoint at,
               const HotSpot *hovered) const;

private:
    //! A segment that is shown, from the footer's top left.
    struct Figure
    {
        FooterSegment segment;
        QRect rect;
    };

    void standBeside(int room);
    void stand(const TranscriptStyle &style, int width);
    void addActions(const TranscriptMessage &message, const QFontMetrics &font, int width,
                    bool isFolded);
    void paintFigure(QPainter &painter, const TranscriptStyle &style, const Figure &figure,
                     const QRect &rect, bool isHovered) const;

    QList<Figure> m_figures;
    QList<HotSpot> m_actions; //!< At the right of the last row.
    VersionPosition m_version;
    int m_rowHeight;
    int m_dotWidth; //!< Of the dot between two figures.
    int m_height;
    //! What a lane waits for is too long there to stand beside its actions: it gets rows of its
    //! own, above them, so that neither hides the other.
    bool m_isStacked = false;
};

} // namespace ui
