#include "ui/widgets/segmentedcontrol.h"

#include "ui/widgets/painting.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

namespace ui {

namespace {

constexpr int Padding = 24;

//! A list of choices, to a screen reader: what is chosen is said before what describes them.
class SegmentedAccessible final : public QAccessibleWidget
{
public:
    explicit SegmentedAccessible(SegmentedControl *control)
        : QAccessibleWidget(control, QAccessible::ComboBox)
    {
    }

    static QAccessibleInterface *create(const QString &, QObject *object)
    {
        auto *control = qobject_cast<SegmentedControl *>(object);
        return control ? new SegmentedAccessible(control) : nullptr;
    }

    [[nodiscard]] QString text(QAccessible::Text which) const override
    {
        const auto *control = qobject_cast<const SegmentedControl *>(object());
        const QString usual = QAccessibleWidget::text(which);
        if (which == QAccessible::Value)
            return control->currentText();
        if (which != QAccessible::Description)
            return usual;
        // Linux knows the values of numbers only.
        QStringList said{control->currentText(), usual};
        said.removeAll(QString());
        return said.join(QStringLiteral(". "));
    }
};

void installAccessible()
{
    [[maybe_unused]] static const bool known = [] {
        QAccessible::installFactory(&SegmentedAccessible::create);
        return true;
    }();
}

} // namespace

SegmentedControl::SegmentedControl(const ThemeSource &theme, const QStringList &choices,
                                   QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_choices(choices)
{
    installAccessible();
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &ThemeSource::changed, this, [this] {
        updateGeometry();
        update();
    });
}

void SegmentedControl::setCurrent(int index)
{
    if (index >= 0 && index < m_choices.size()) {
        m_current = index;
        QAccessibleEvent told(this, QAccessible::DescriptionChanged);
        QAccessible::updateAccessibility(&told);
        update();
    }
}

QRect SegmentedControl::segment(int index) const
{
    const QFontMetrics metrics(m_theme.theme().chrome);
    int x = 2;
    for (int i = 0; i < index; ++i) {
        x += metrics.horizontalAdvance(m_choices.at(i)) + Padding;
    }
    const QRect left(x, 2, metrics.horizontalAdvance(m_choices.at(index)) + Padding, height() - 4);
    return isRightToLeft() ? QRect(width() - left.right() - 1, 2, left.width(), left.height())
                           : left;
}

QSize SegmentedControl::sizeHint() const
{
    const QFontMetrics metrics(m_theme.theme().chrome);
    int width = 4;
    for (const QString &choice : m_choices) {
        width += metrics.horizontalAdvance(choice) + Padding;
    }
    return {width, metrics.height() + 14};
}

void SegmentedControl::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    paintBox(painter, rect(), theme, theme.card, theme.controlBorder, Theme::ControlRadius,
             hasFocus());
    painter.setFont(theme.chrome);
    for (int i = 0; i < m_choices.size(); ++i) {
        if (i == m_current) {
            paintBox(painter, segment(i), theme, theme.selectedRow, QColor(),
                     Theme::ControlRadius - 2, false);
        }
        painter.setPen(i == m_current ? theme.text : theme.muted);
        painter.drawText(segment(i), Qt::AlignCenter | Qt::TextSingleLine, m_choices.at(i));
    }
}

void SegmentedControl::mousePressEvent(QMouseEvent *event)
{
    for (int i = 0; i < m_choices.size(); ++i) {
        if (segment(i).contains(event->position().toPoint())) {
            choose(i);
            return;
        }
    }
}

void SegmentedControl::keyPressEvent(QKeyEvent *event)
{
    const int forward = isRightToLeft() ? -1 : 1;
    switch (event->key()) {
    case Qt::Key_Right:
        choose(m_current + forward);
        break;
    case Qt::Key_Left:
        choose(m_current - forward);
        break;
    case Qt::Key_Down:
        choose(m_current + 1);
        break;
    case Qt::Key_Up:
        choose(m_current - 1);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void SegmentedControl::choose(int index)
{
    if (index < 0 || index >= m_choices.size() || index == m_current) {
        return;
    }
    setCurrent(index);
    Q_EMIT chosen(index);
}

} // namespace ui
