#include "ui/settings/shortcutspage.h"

#include "ui/settings/keyfield.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"

#include <QVBoxLayout>

namespace ui {

namespace keys = core::settings;

ShortcutsPage::ShortcutsPage(const ThemeSource &theme, core::Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_settings(settings)
    , m_notice(new NoticeBar(theme, this))
    , m_resetAll(new PillButton(theme, ButtonLook::Outline, tr("Reset all"), this))
{
    setObjectName(QStringLiteral("shortcutsPage"));
    m_notice->setObjectName(QStringLiteral("shortcutNotice"));
    m_resetAll->setObjectName(QStringLiteral("resetShortcuts"));
    build();
    connect(m_notice, &NoticeBar::actionChosen, this, &ShortcutsPage::answer);
    connect(m_resetAll, &QAbstractButton::clicked, this, [this] { save(KeyMap()); });
    connect(&settings, &core::Settings::changed, this, &ShortcutsPage::refresh);
    refresh();
}

void ShortcutsPage::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::Step);
    auto *head = new QHBoxLayout;
    head->addWidget(new PlainLabel(m_theme, TextRole::Heading, tr("Shortcuts"), this), 1);
    head->addWidget(m_resetAll);
    column->addLayout(head);
    m_notice->hide();
    column->addWidget(m_notice);
    QString group;
    for (const CommandInfo &info : commandTable()) {
        if (commandGroup(info) != group) {
            group = commandGroup(info);
            column->addSpacing(2 * Theme::Step);
            column->addWidget(new PlainLabel(m_theme, TextRole::Section, group, this));
        }
        column->addLayout(makeRow(info));
    }
    column->addStretch(1);
}

QLayout *ShortcutsPage::makeRow(const CommandInfo &info)
{
    const Command command = info.command;
    const QString id = QString::fromLatin1(info.id);
    auto *field = new KeyField(m_theme, commandText(command), this);
    auto *reset = new PillButton(m_theme, ButtonLook::Link, tr("Reset"), this);
    field->setObjectName(QStringLiteral("key-") + id);
    reset->setObjectName(QStringLiteral("reset-") + id);
    reset->setAccessibleName(tr("Reset the key of %1").arg(commandText(command)));
    QSizePolicy place = reset->sizePolicy();
    place.setRetainSizeWhenHidden(true); // the fields stay in line
    reset->setSizePolicy(place);
    m_fields.insert(static_cast<int>(command), field);
    m_resets.insert(static_cast<int>(command), reset);
    connect(field, &KeyField::keyGiven, this,
            [this, command](const QKeySequence &key) { give(command, key); });
    connect(reset, &QAbstractButton::clicked, this, [this, command] {
        KeyMap standard;
        give(command, standard.key(command));
    });
    auto *row = new QHBoxLayout;
    row->setSpacing(2 * Theme::Step);
    row->addWidget(new PlainLabel(m_theme, TextRole::Body, commandText(command), this), 1);
    row->addWidget(reset);
    row->addWidget(field);
    return row;
}

void ShortcutsPage::give(Command command, const QKeySequence &key)
{
    m_notice->hide();
    if (const std::optional<Command> owner = m_keys.owner(key, command)) {
        m_wish = {command, *owner, key};
        m_notice->show(Tone::Warning,
                       tr("%1 belongs to \"%2\".")
                           .arg(key.toString(QKeySequence::NativeText), commandText(*owner)),
                       {tr("Use it for \"%1\"").arg(commandText(command)), tr("Cancel")});
        return;
    }
    KeyMap changed = m_keys;
    changed.setKey(command, key);
    save(changed);
}

void ShortcutsPage::answer(int action)
{
    m_notice->hide();
    if (action != 0)
        return;
    KeyMap changed = m_keys;
    changed.setKey(m_wish.owner, {});
    changed.setKey(m_wish.command, m_wish.key);
    save(changed);
}

void ShortcutsPage::save(const KeyMap &changed)
{
    m_notice->hide();
    if (const auto written = m_settings.setValue(keys::Shortcuts, changed.toText()); !written)
        Q_EMIT failed(written.error().detail);
    refresh();
}

void ShortcutsPage::refresh()
{
    m_keys = KeyMap::fromText(m_settings.value(keys::Shortcuts));
    bool anyOwn = false;
    for (const CommandInfo &info : commandTable()) {
        const auto place = static_cast<int>(info.command);
        const bool own = !m_keys.isStandard(info.command);
        m_fields.value(place)->setKey(m_keys.key(info.command));
        m_resets.value(place)->setVisible(own);
        anyOwn = anyOwn || own;
    }
    m_resetAll->setEnabled(anyOwn);
}

} // namespace ui
