#pragma once

#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QString>

#include <optional>

namespace ui {

//! What a key can ask for.
enum class Command {
    NewChat,
    Palette,
    Find,
    SearchAll,
    ChooseModel,
    Settings,
    Shortcuts,
    PlaceChats,
    PlaceCompare,
    PlaceDashboard,
    PlaceSettings,
    ToggleSidebar,
    ToggleDetails,
    PreviousMessage,
    NextMessage,
    CopyAnswer,
    Regenerate,
    AddLane,
    SendToAll,
    TextLarger,
    TextSmaller,
    TextUsual,
    FullScreen,
    Quit,
    Escape
};

//! A row of the one table of commands: keys, the list of shortcuts, Settings and the palette come
//! from it.
struct CommandInfo
{
    Command command;
    const char *id;    //!< In the settings; never changes.
    const char *group; //!< Source text, as commandGroup() gives it.
    const char *text;  //!< Source text, as commandText() gives it.
    const char *key;   //!< What it starts with, portable text.
};
[[nodiscard]] const QList<CommandInfo> &commandTable(); //!< By group, in the order shown.
[[nodiscard]] QString commandText(Command command);
[[nodiscard]] QString commandGroup(const CommandInfo &info);

//! The key of each command: its standard unless the user chose another, or none. A value.
class KeyMap
{
public:
    //! From the setting: "id=Ctrl+K" a line, those that differ; what is not understood is left out.
    [[nodiscard]] static KeyMap fromText(const QString &text);
    [[nodiscard]] QString toText() const;

    [[nodiscard]] QKeySequence key(Command command) const; //!< Empty: none.
    //! The ways to type it: Ctrl++ is Ctrl+= without Shift on most keyboards, and Ctrl+Return is
    //! Ctrl+Enter beside the digits.
    [[nodiscard]] QList<QKeySequence> typedAs(Command command) const;
    void setKey(Command command, const QKeySequence &key);
    void reset(Command command);
    [[nodiscard]] bool isStandard(Command command) const;
    //! Whose key it is, but for \p except; none: nobody's.
    [[nodiscard]] std::optional<Command> owner(const QKeySequence &key, Command except) const;

    bool operator==(const KeyMap &) const = default;

private:
    QHash<int, QKeySequence> m_chosen; //!< By Command.
};

} // namespace ui
