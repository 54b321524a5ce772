#pragma once

#include "ui/conversation/timelinespans.h"
#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

//! A request's attempts as bars, one row each, to scale from Send to the end. Hovering tells a
//! bar's phase and length; a screen reader gets the phases as a sentence (and the panel has them as
//! a table). UI thread.
class AttemptTimeline final : public QWidget
{
    Q_OBJECT
public:
    explicit AttemptTimeline(const ThemeSource &theme, QWidget *parent = nullptr);

    void setTimeline(const Timeline &timeline);
    [[nodiscard]] const Timeline &timeline() const { return m_timeline; }
    [[nodiscard]] QRectF barRect(int attempt, int span) const; //!< Where it is drawn.
    [[nodiscard]] QSize sizeHint() const override;

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QColor colorOf(const AttemptSpans &row, const PhaseSpan &span) const;
    [[nodiscard]] QString spanText(const AttemptSpans &row, const PhaseSpan &span) const;

    const ThemeSource &m_theme;
    Timeline m_timeline;
};

} // namespace ui
