#include "ui/shell/shortcutsheet.h"

#include "ui/widgets/buttons.h"
#include "ui/widgets/keylabel.h"
#include "ui/widgets/plainlabel.h"

#include <QPainter>
#include <QScreen>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int Margin = 6 * Theme::Step;
constexpr int ColumnGap = 10 * Theme::Step;
constexpr int LeastColumn = 300;

} // namespace

ShortcutSheet::ShortcutSheet(const ThemeSource &theme, QWidget *window)
    : QFrame(window, Qt::Popup | Qt::FramelessWindowHint)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("shortcutSheet"));
    setAccessibleName(tr("Shortcuts"));
    setFrameShape(QFrame::NoFrame);
    auto *change = new PillButton(theme, ButtonLook::Link, tr("Change"), this);
    change->setObjectName(QStringLiteral("changeShortcuts"));
    connect(change, &QAbstractButton::clicked, this, [this] {
        close();
        Q_EMIT changeRequested();
    });
    auto *head = new QHBoxLayout;
    head->addWidget(new PlainLabel(theme, TextRole::Heading, tr("Shortcuts"), this), 1);
    head->addWidget(change);

    QStringList groups;
    for (const CommandInfo &info : commandTable()) {
        if (!groups.contains(commandGroup(info)))
            groups.append(commandGroup(info));
    }
    auto *columns = new QHBoxLayout;
    columns->setSpacing(ColumnGap);
    const qsizetype half = groups.size() / 2;
    columns->addWidget(makeGroups(groups.first(half)), 0, Qt::AlignTop);
    columns->addWidget(makeGroups(groups.sliced(half)), 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(Margin, Margin - Theme::Step, Margin, Margin);
    column->setSpacing(3 * Theme::Step);
    column->addLayout(head);
    column->addLayout(columns);
    connect(&theme, &ThemeSource::changed, this, [this] { update(); });
}

QWidget *ShortcutSheet::makeGroups(const QStringList &groups)
{
    auto *box = new QWidget(this);
    box->setMinimumWidth(LeastColumn);
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::Step + 2);
    for (const QString &group : groups) {
        if (column->count() > 0)
            column->addSpacing(2 * Theme::Step);
        column->addWidget(new PlainLabel(m_theme, TextRole::Section, group, box));
        for (const CommandInfo &info : commandTable()) {
            if (commandGroup(info) != group)
                continue;
            auto *row = new QHBoxLayout;
            auto *key = new KeyLabel(m_theme, box);
            m_labels.insert(static_cast<int>(info.command), key);
            row->addWidget(new PlainLabel(m_theme, TextRole::Body, commandText(info.command), box),
                           1);
            row->addWidget(key);
            column->addLayout(row);
        }
    }
    return box;
}

void ShortcutSheet::open(const KeyMap &keys)
{
    for (const CommandInfo &info : commandTable())
        m_labels.value(static_cast<int>(info.command))->setKey(keys.key(info.command));
    adjustSize();
    const QRect window = parentWidget()->window()->geometry();
    QRect place(QPoint(), sizeHint());
    place.moveCenter(window.center());
    place.moveTop(std::max(window.top(), place.top()));
    const QRect room = parentWidget()->screen()->availableGeometry();
    place.moveRight(std::min(place.right(), room.right()));
    place.moveBottom(std::min(place.bottom(), room.bottom()));
    place.moveTopLeft({std::max(place.left(), room.left()), std::max(place.top(), room.top())});
    setGeometry(place);
    QFrame::show();
    setFocus(Qt::PopupFocusReason);
}

void ShortcutSheet::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    painter.fillRect(rect(), theme.card);
    painter.setPen(theme.controlBorder);
    painter.drawRect(rect().adjusted(0, 0, -1, -1)); // a window of its own: no round corners
}

} // namespace ui
