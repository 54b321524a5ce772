#include "ui/widgets/commands.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace ui {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("ui::Commands", text);
}

const CommandInfo &infoOf(Command command)
{
    const QList<CommandInfo> &table = commandTable();
    return *std::find_if(table.cbegin(), table.cend(),
                         [command](const CommandInfo &info) { return info.command == command; });
}

QKeySequence standardKey(Command command)
{
    return QKeySequence(QString::fromLatin1(infoOf(command).key), QKeySequence::PortableText);
}

} // namespace

const QList<CommandInfo> &commandTable()
{
    static const char *const chats = QT_TRANSLATE_NOOP("ui::Commands", "Chats");
    static const char *const reading = QT_TRANSLATE_NOOP("ui::Commands", "Reading and answers");
    static const char *const places = QT_TRANSLATE_NOOP("ui::Commands", "Places");
    static const char *const window = QT_TRANSLATE_NOOP("ui::Commands", "Window");
    static const QList<CommandInfo> table{
        {Command::NewChat, "new-chat", chats, QT_TRANSLATE_NOOP("ui::Commands", "New chat"),
         "Ctrl+N"},
        {Command::Palette, "palette", chats,
         QT_TRANSLATE_NOOP("ui::Commands", "Search chats and commands"), "Ctrl+K"},
        {Command::SearchAll, "search-all", chats,
         QT_TRANSLATE_NOOP("ui::Commands", "Search all messages"), "Ctrl+Shift+F"},
        {Command::ChooseModel, "choose-model", chats,
         QT_TRANSLATE_NOOP("ui::Commands", "Choose a model"), "Ctrl+L"},
        {Command::AddLane, "add-lane", chats,
         QT_TRANSLATE_NOOP("ui::Commands", "Add a lane to the comparison"), "Ctrl+T"},
        {Command::SendToAll, "send-to-all", chats,
         QT_TRANSLATE_NOOP("ui::Commands", "Send to all lanes"), "Ctrl+Return"},
        {Command::Find, "find", reading, QT_TRANSLATE_NOOP("ui::Commands", "Find in this chat"),
         "Ctrl+F"},
        {Command::PreviousMessage, "previous-message", reading,
         QT_TRANSLATE_NOOP("ui::Commands", "Previous message"), "Ctrl+Up"},
        {Command::NextMessage, "next-message", reading,
         QT_TRANSLATE_NOOP("ui::Commands", "Next message"), "Ctrl+Down"},
        {Command::CopyAnswer, "copy-answer", reading,
         QT_TRANSLATE_NOOP("ui::Commands", "Copy the last answer"), "Ctrl+Shift+C"},
        {Command::Regenerate, "regenerate", reading,
         QT_TRANSLATE_NOOP("ui::Commands", "Make the last answer again"), "Ctrl+R"},
        {Command::ToggleDetails, "details", reading,
         QT_TRANSLATE_NOOP("ui::Commands", "Details of an answer"), "Ctrl+I"},
        {Command::Escape, "escape", reading,
         QT_TRANSLATE_NOOP("ui::Commands", "Close what is open, then stop"), "Esc"},
        {Command::PlaceChats, "place-chats", places, QT_TRANSLATE_NOOP("ui::Commands", "Chats"),
         "Ctrl+1"},
        {Command::PlaceCompare, "place-compare", places,
         QT_TRANSLATE_NOOP("ui::Commands", "Compare"), "Ctrl+2"},
        {Command::PlaceDashboard, "place-dashboard", places,
         QT_TRANSLATE_NOOP("ui::Commands", "Dashboard"), "Ctrl+3"},
        {Command::PlaceSettings, "place-settings", places,
         QT_TRANSLATE_NOOP("ui::Commands", "Settings"), "Ctrl+4"},
        {Command::Settings, "settings", places, QT_TRANSLATE_NOOP("ui::Commands", "Open Settings"),
         "Ctrl+,"},
        {Command::ToggleSidebar, "sidebar", window,
         QT_TRANSLATE_NOOP("ui::Commands", "Show or fold the sidebar"), "Ctrl+B"},
        {Command::TextLarger, "text-larger", window,
         QT_TRANSLATE_NOOP("ui::Commands", "Larger text"), "Ctrl++"},
        {Command::TextSmaller, "text-smaller", window,
         QT_TRANSLATE_NOOP("ui::Commands", "Smaller text"), "Ctrl+-"},
        {Command::TextUsual, "text-usual", window,
         QT_TRANSLATE_NOOP("ui::Commands", "Usual text size"), "Ctrl+0"},
        {Command::FullScreen, "full-screen", window,
         QT_TRANSLATE_NOOP("ui::Commands", "Full screen"), "F11"},
        {Command::Shortcuts, "shortcuts", window,
         QT_TRANSLATE_NOOP("ui::Commands", "List of shortcuts"), "Ctrl+/"},
        {Command::Quit, "quit", window, QT_TRANSLATE_NOOP("ui::Commands", "Quit"), "Ctrl+Q"},
    };
    return table;
}

QString commandText(Command command)
{
    return translated(infoOf(command).text);
}

QString commandGroup(const CommandInfo &info)
{
    return translated(info.group);
}

KeyMap KeyMap::fromText(const QString &text)
{
    KeyMap keys;
    for (const QString &line : text.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QString id = line.section(QLatin1Char('='), 0, 0);
        const QString name = line.section(QLatin1Char('='), 1);
        const QKeySequence key(name, QKeySequence::PortableText);
        const bool understood =
            name.isEmpty() || (key.count() == 1 && key[0].key() != Qt::Key_unknown);
        for (const CommandInfo &info : commandTable()) {
            if (understood && id == QLatin1StringView(info.id))
                keys.setKey(info.command, key);
        }
    }
    return keys;
}

QString KeyMap::toText() const
{
    QStringList lines;
    for (const CommandInfo &info : commandTable()) {
        if (!isStandard(info.command))
            lines.append(QLatin1StringView(info.id) + QLatin1Char('=') +
                         key(info.command).toString(QKeySequence::PortableText));
    }
    return lines.join(QLatin1Char('\n'));
}

QKeySequence KeyMap::key(Command command) const
{
    const auto chosen = m_chosen.constFind(static_cast<int>(command));
    return chosen == m_chosen.cend() ? standardKey(command) : *chosen;
}

QList<QKeySequence> KeyMap::typedAs(Command command) const
{
    struct Twin
    {
        const char *key, *typedToo;
    };
    static constexpr Twin Twins[] = {{"Ctrl++", "Ctrl+="}, {"Ctrl+Return", "Ctrl+Enter"}};
    QList<QKeySequence> keys{key(command)};
    for (const Twin &twin : Twins) {
        const QKeySequence too(QLatin1StringView(twin.typedToo), QKeySequence::PortableText);
        if (keys.first() == QKeySequence(QLatin1StringView(twin.key), QKeySequence::PortableText) &&
            !owner(too, command))
            keys.append(too);
    }
    return keys;
}

void KeyMap::setKey(Command command, const QKeySequence &key)
{
    if (key == standardKey(command))
        return reset(command);
    m_chosen.insert(static_cast<int>(command), key);
}

void KeyMap::reset(Command command)
{
    m_chosen.remove(static_cast<int>(command));
}

bool KeyMap::isStandard(Command command) const
{
    return !m_chosen.contains(static_cast<int>(command));
}

std::optional<Command> KeyMap::owner(const QKeySequence &key, Command except) const
{
    for (const CommandInfo &info : commandTable()) {
        if (info.command != except && !key.isEmpty() && this->key(info.command) == key)
            return info.command;
    }
    return std::nullopt;
}

} // namespace ui
