#include "ui/dashboard/figurecard.h"

#include "ui/widgets/painting.h"
#include "ui/widgets/plaintext.h"

#include <QFontMetrics>
#include <QPainter>
#include <QStyle>

namespace ui {

namespace {

constexpr int Padding = 4 * Theme::Step;

} // namespace

FigureCard::FigureCard(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &ThemeSource::changed, this, [this] {
        updateGeometry();
        nameTheRest();
        update();
    });
}

void FigureCard::setFigure(const QString &title, const QString &figure, const QString &note)
{
    m_title = title;
    m_figure = figure;
    m_note = note;
    setAccessibleName(QStringLiteral("%1: %2").arg(title, figure));
    setAccessibleDescription(note);
    nameTheRest();
    update();
}

void FigureCard::setExplanation(const QString &text)
{
    m_explanation = text;
    nameTheRest();
}

void FigureCard::nameTheRest()
{
    const QFontMetrics small(m_theme.theme().small);
    QStringList said;
    for (const QString &line : {m_title, m_note}) {
        if (small.horizontalAdvance(line) > width() - 2 * Padding)
            said.append(line);
    }
    if (!m_explanation.isEmpty())
        said.append(m_explanation);
    setToolTipPlain(this, said.join(QStringLiteral(". ")));
}

void FigureCard::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    nameTheRest();
}

QFont FigureCard::figureFont() const
{
    QFont font = m_theme.theme().heading;
    font.setPixelSize(m_theme.theme().chrome.pixelSize() * 3 / 2);
    while (font.pixelSize() > m_theme.theme().small.pixelSize() &&
           QFontMetrics(font).horizontalAdvance(m_figure) > width() - 2 * Padding)
        font.setPixelSize(font.pixelSize() - 1);
    return font;
}

QSize FigureCard::sizeHint() const
{
    const QFontMetrics small(m_theme.theme().small);
    const int figureHeight = m_theme.theme().chrome.pixelSize() * 2;
    return {small.averageCharWidth() * 24,
            2 * Padding + 2 * small.height() + figureHeight + Theme::Step};
}

QSize FigureCard::minimumSizeHint() const
{
    const QFontMetrics small(m_theme.theme().small);
    return {small.averageCharWidth() * 16 + 2 * Padding, sizeHint().height()};
}

void FigureCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    paintBox(painter, rect(), theme, theme.card, theme.hairline, Theme::CardRadius, false);
    const QRect inner = rect().adjusted(Padding, Padding, -Padding, -Padding);
    const QFontMetrics small(theme.small);
    const int leading = static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft));
    const int oneLine = leading | Qt::AlignVCenter | Qt::TextSingleLine;

    painter.setFont(theme.small);
    painter.setPen(theme.muted);
    painter.drawText(QRect(inner.left(), inner.top(), inner.width(), small.height()), oneLine,
                     small.elidedText(m_title, Qt::ElideRight, inner.width()));
    painter.drawText(
        QRect(inner.left(), inner.bottom() + 1 - small.height(), inner.width(), small.height()),
        oneLine, small.elidedText(m_note, Qt::ElideRight, inner.width()));
    painter.setFont(figureFont());
    painter.setPen(theme.text);
    painter.drawText(inner.adjusted(0, small.height(), 0, -small.height()),
                     oneLine | Qt::TextForceLeftToRight, m_figure);
}

} // namespace ui
