#include "ui/chat/attemptrow.h"

#include "ui/widgets/painting.h"
#include "ui/widgets/plaintext.h"

#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

namespace ui {

namespace {

constexpr int Margin = 2 * Theme::Step;
constexpr int Gap = 2 * Theme::Step;
constexpr int PillPadding = 10;
constexpr int PillHeightMore = 6;

} // namespace

AttemptRow::AttemptRow(const ThemeSource &theme, QWidget *parent)
    : QAbstractButton(parent)
    , m_theme(theme)
{
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    connect(&theme, &ThemeSource::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void AttemptRow::setTexts(const AttemptRowTexts &texts)
{
    if (texts == m_texts)
        return;
    m_texts = texts;
    const QString model = shownName(texts.model);
    const QString provider = shownName(texts.provider);
    setAccessibleName(tr("Attempt %1, %2, %3, %4, %5")
                          .arg(texts.number)
                          .arg(model, provider, texts.badge, texts.line));
    setToolTipPlain(this, QStringLiteral("%1, %2").arg(model, provider));
    updateGeometry();
    update();
}

bool AttemptRow::isStacked() const
{
    const QFontMetrics small(m_theme.theme().small);
    const int name =
        std::min(small.horizontalAdvance(m_texts.provider), small.averageCharWidth() * 12);
    return name + Gap + small.horizontalAdvance(m_texts.line) > width() - 2 * Margin;
}

int AttemptRow::lineHeight() const
{
    return QFontMetrics(m_theme.theme().small).height() + 2;
}

QSize AttemptRow::sizeHint() const
{
    const QFontMetrics small(m_theme.theme().small);
    const QFontMetrics chrome(m_theme.theme().chrome);
    const int first = std::max(chrome.height(), small.height() + PillHeightMore);
    return {200, first + lineHeight() * (isStacked() ? 2 : 1) + 12};
}

void AttemptRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    const bool lit = underMouse() || isDown();
    paintBox(painter, rect(), theme,
             lit           ? theme.selectedRow
             : isChecked() ? theme.userBubble
                           : QColor(),
             QColor(), Theme::ControlRadius, hasFocus());
    const QFontMetrics small(theme.small);
    QFont nameFont = theme.chrome;
    nameFont.setWeight(QFont::Medium);
    const QFontMetrics chrome(nameFont);
    const QRect inner = rect().adjusted(Margin, 6, -Margin, -6);
    const auto place = [&](const QRect &at) {
        return QStyle::visualRect(layoutDirection(), rect(), at);
    };
    const bool mirrored = isRightToLeft();
    const auto side = [mirrored](bool start) {
        return static_cast<int>(start == mirrored ? Qt::AlignRight : Qt::AlignLeft) |
               Qt::AlignAbsolute | Qt::AlignVCenter | Qt::TextSingleLine;
    };

    const int pillWidth = small.horizontalAdvance(m_texts.badge) + 2 * PillPadding;
    const int pillHeight = small.height() + PillHeightMore;
    const QRect pill(inner.right() - pillWidth + 1, inner.top(), pillWidth, pillHeight);
    const ToneColors colors = toneColors(theme, m_texts.tone);
    paintBox(painter, place(pill), theme, colors.ground, QColor(), pillHeight / 2.0, false);
    painter.setFont(theme.small);
    painter.setPen(colors.text);
    painter.drawText(place(pill), Qt::AlignCenter | Qt::TextSingleLine, m_texts.badge);

    const QRect name(inner.left(), inner.top(), pill.left() - inner.left() - Gap, pillHeight);
    painter.setFont(nameFont);
    painter.setPen(theme.text);
    const QString number = QString::number(m_texts.number) + QStringLiteral(" \u00B7 ");
    painter.drawText(place(name), side(true),
                     number + chrome.elidedText(shownName(m_texts.model), Qt::ElideMiddle,
                                                name.width() - chrome.horizontalAdvance(number)));

    painter.setFont(theme.small);
    painter.setPen(theme.muted);
    const int lineWidth = small.horizontalAdvance(m_texts.line);
    QRect below(inner.left(), inner.top() + pillHeight + 1, inner.width(), lineHeight());
    const int room = isStacked() ? inner.width() : inner.width() - lineWidth - Gap;
    painter.drawText(place(QRect(below.topLeft(), QSize(room, below.height()))), side(true),
                     small.elidedText(shownName(m_texts.provider), Qt::ElideRight, room));
    if (isStacked())
        below.translate(0, lineHeight());
    painter.drawText(place(below), side(false),
                     small.elidedText(m_texts.line, Qt::ElideRight, below.width()));
}

void AttemptRow::resizeEvent(QResizeEvent *event)
{
    QAbstractButton::resizeEvent(event);
    updateGeometry(); // how many lines it takes depends on its width
}

void AttemptRow::enterEvent(QEnterEvent *event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void AttemptRow::leaveEvent(QEvent *event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

void AttemptRow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        return click();
    QAbstractButton::keyPressEvent(event);
}

} // namespace ui
