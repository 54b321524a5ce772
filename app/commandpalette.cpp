#include "app/commandpalette.h"

#include "core/base/whenready.h"
#include "ui/widgets/filterpopup.h"

#include <QSet>

namespace app {

namespace {

constexpr int MostHits = 50;
const auto CommandKind = QLatin1StringView("command:");
const auto ChatKind = QLatin1StringView("chat:");
const auto ComparisonKind = QLatin1StringView("comparison:");
const auto NewComparison = QLatin1StringView("new-comparison");

QString keyOf(const core::SearchHit &hit)
{
    return hit.comparisonId ? ComparisonKind + QString::number(hit.comparisonId)
                            : ChatKind + QString::number(hit.conversationId);
}

} // namespace

CommandPalette::CommandPalette(core::ConversationRepository &conversations,
                               const ui::ThemeSource &theme, QWidget *window)
    : QObject(window)
    , m_conversations(conversations)
    , m_window(window)
    , m_popup(new ui::FilterPopup(theme, window))
{
    m_popup->setObjectName(QStringLiteral("palette"));
    m_popup->setPlaceholder(tr("Search chats and commands"));
    connect(m_popup, &ui::FilterPopup::queryChanged, this, &CommandPalette::search);
    connect(m_popup, &ui::FilterPopup::chosen, this, &CommandPalette::take);
}

void CommandPalette::open()
{
    const std::pair<ui::Command, QString> commands[] = {
        {ui::Command::NewChat, tr("New chat")},
        {ui::Command::ChooseModel, tr("Choose a model")},
        {ui::Command::Find, tr("Find in this chat")},
        {ui::Command::PlaceDashboard, tr("Dashboard")},
        {ui::Command::Settings, tr("Settings")},
        {ui::Command::TextLarger, tr("Larger text")},
        {ui::Command::TextSmaller, tr("Smaller text")},
        {ui::Command::TextUsual, tr("Usual text size")},
    };
    QList<ui::PopupRow> rows;
    for (const auto &[command, text] : commands) {
        ui::PopupRow row;
        row.id = CommandKind + QString::number(static_cast<int>(command));
        row.section = tr("Commands");
        row.title = text;
        rows.append(row);
    }
    ui::PopupRow compare;
    compare.id = NewComparison;
    compare.section = tr("Commands");
    compare.title = tr("New comparison");
    rows.insert(1, compare);
    m_popup->setRows(rows);
    m_popup->openOver(m_window);
}

void CommandPalette::search(const QString &words)
{
    if (words.trimmed().isEmpty())
        return;
    core::whenReady(this, m_conversations.search(words, MostHits),
                    [this, words](const core::Result<QList<core::SearchHit>> &hits) {
                        if (!hits)
                            return;
                        QList<ui::PopupRow> rows;
                        QSet<QString> seen;
                        for (const core::SearchHit &hit : *hits) {
                            ui::PopupRow row;
                            row.id = keyOf(hit);
                            if (seen.contains(row.id))
                                continue;
                            seen.insert(row.id);
                            row.section = tr("Chats");
                            row.title = hit.title;
                            row.detail = hit.snippet;
                            rows.append(row);
                        }
                        m_popup->setFoundRows(words, rows);
                    });
}

void CommandPalette::take(const QString &id)
{
    const auto number = [&id](QLatin1StringView kind) { return id.mid(kind.size()).toLongLong(); };
    if (id == NewComparison)
        Q_EMIT comparisonRequested();
    else if (id.startsWith(CommandKind))
        Q_EMIT commandChosen(static_cast<ui::Command>(number(CommandKind)));
    else if (id.startsWith(ComparisonKind))
        Q_EMIT opened({number(ComparisonKind), true});
    else
        Q_EMIT opened({number(ChatKind), false});
}

} // namespace app
