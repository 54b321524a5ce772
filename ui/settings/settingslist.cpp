#include "ui/settings/settingslist.h"

#include "ui/widgets/painting.h"
#include "ui/widgets/plaintext.h"

#include <QPainter>
#include <QStyle>
#include <QStyledItemDelegate>

namespace ui {

namespace {

enum Role { IdRole = Qt::UserRole, DetailRole, ToneRole, StatusRole };

constexpr int Inset = 3 * Theme::Step;

class RowDelegate final : public QStyledItemDelegate
{
public:
    RowDelegate(const ThemeSource &theme, QObject *parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        const Theme &theme = m_theme.theme();
        const int title = QFontMetrics(theme.chrome).height();
        if (index.data(DetailRole).toString().isEmpty())
            return {0, title + 4 * Theme::Step};
        return {0, title + QFontMetrics(theme.small).height() + 5 * Theme::Step};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const Theme &theme = m_theme.theme();
        painter->save();
        painter->setLayoutDirection(
            Qt::LayoutDirectionAuto);                        // each text by its first strong letter
        const QRect box = option.rect.adjusted(0, 1, 0, -1); // as wide as the fields below a list
        const bool chosen = option.state.testFlag(QStyle::State_Selected);
        const bool focused =
            option.state.testFlag(QStyle::State_HasFocus) && option.widget->hasFocus();
        QColor fill;
        if (chosen)
            fill = theme.selectedRow;
        else if (option.state.testFlag(QStyle::State_MouseOver))
            fill = theme.sidebar;
        paintBox(*painter, box, theme, fill, QColor(), Theme::ControlRadius, focused);
        const QRect inner = box.adjusted(Inset, 2 * Theme::Step, -Inset, -2 * Theme::Step);
        const QString detail = index.data(DetailRole).toString();
        QRect titleRect = box.adjusted(Inset, 0, -Inset, 0); // alone it stands in the middle
        if (!detail.isEmpty()) {
            titleRect = inner;
            titleRect.setHeight(QFontMetrics(theme.chrome).height());
            const QRect detailRect = inner.adjusted(0, titleRect.height() + 2, 0, 0);
            drawElided(*painter, detailRect, option.direction, theme.small, theme.muted, detail);
        }
        const int taken = paintStatus(*painter, titleRect, option.direction, index);
        titleRect =
            QStyle::visualRect(option.direction, titleRect, titleRect.adjusted(0, 0, -taken, 0));
        QFont titleFont = theme.chrome;
        if (!detail.isEmpty())
            titleFont.setWeight(QFont::DemiBold);
        drawElided(*painter, titleRect, option.direction, titleFont, theme.text,
                   index.data(Qt::DisplayRole).toString());
        painter->restore();
    }

private:
    static void drawElided(QPainter &painter, const QRect &rect, Qt::LayoutDirection direction,
                           const QFont &font, const QColor &color, const QString &text)
    {
        const Qt::Alignment side =
            QStyle::visualAlignment(direction, Qt::AlignVCenter | Qt::AlignLeading);
        painter.setFont(font);
        painter.setPen(color);
        painter.drawText(rect, static_cast<int>(side) | Qt::TextSingleLine,
                         QFontMetrics(font).elidedText(text, Qt::ElideRight, rect.width()));
    }

    //! What of the row's width the pill takes.
    int paintStatus(QPainter &painter, const QRect &line, Qt::LayoutDirection direction,
                    const QModelIndex &index) const
    {
        const QString status = index.data(StatusRole).toString();
        if (status.isEmpty())
            return 0;
        const Theme &theme = m_theme.theme();
        const QFontMetrics metrics(theme.small);
        const int width = metrics.horizontalAdvance(status) + 16;
        const int height = metrics.height() + 4;
        const QRect pill = QStyle::visualRect(
            direction, line,
            QRect(line.right() - width + 1, line.center().y() - height / 2, width, height));
        const ToneColors colors =
            toneColors(theme, static_cast<Tone>(index.data(ToneRole).toInt()));
        paintBox(painter, pill, theme, colors.ground, QColor(), height / 2.0, false);
        painter.setFont(theme.small);
        painter.setPen(colors.text);
        painter.drawText(pill, Qt::AlignCenter | Qt::TextSingleLine, status);
        return width + 2 * Theme::Step;
    }

    const ThemeSource &m_theme;
};

} // namespace

SettingsList::SettingsList(const ThemeSource &theme, const QString &name, QWidget *parent)
    : QListWidget(parent)
{
    setAccessibleName(name);
    setItemDelegate(new RowDelegate(theme, this));
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setProperty("bare", true);
    connect(this, &QListWidget::currentItemChanged, this, [this](const QListWidgetItem *item) {
        if (item)
            Q_EMIT chosen(item->data(IdRole).toString());
    });
    connect(&theme, &ThemeSource::changed, this, &QListWidget::doItemsLayout);
}

void SettingsList::setRows(const QList<SettingsRow> &rows)
{
    while (count() > rows.size())
        delete takeItem(count() - 1);
    while (count() < rows.size())
        addItem(new QListWidgetItem);
    for (int i = 0; i < count(); ++i) {
        const SettingsRow &row = rows.at(i);
        QListWidgetItem *each = item(i);
        each->setText(shownName(row.title));
        each->setData(IdRole, row.id);
        each->setData(DetailRole, shownName(row.detail));
        each->setData(ToneRole, static_cast<int>(row.tone));
        each->setData(StatusRole, shownName(row.status));
        QStringList said{shownName(row.title), shownName(row.detail), shownName(row.status)};
        said.removeAll(QString());
        each->setData(Qt::AccessibleTextRole, said.join(QStringLiteral(", ")));
    }
}

QString SettingsList::currentId() const
{
    return currentItem() ? currentItem()->data(IdRole).toString() : QString();
}

QString SettingsList::idAt(int row) const
{
    return item(row) ? item(row)->data(IdRole).toString() : QString();
}

int SettingsList::heightOfRows() const
{
    int height = 2;
    for (int i = 0; i < count(); ++i)
        height += sizeHintForRow(i);
    return height;
}

void SettingsList::choose(const QString &id)
{
    for (int i = 0; i < count(); ++i) {
        if (item(i)->data(IdRole).toString() == id)
            return setCurrentRow(i);
    }
}

} // namespace ui
