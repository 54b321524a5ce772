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
const auto FaultKind = QLatin1StringView("fault:");
const auto NewComparison = QLatin1StringView("new-comparison");
const auto NewSession = QLatin1StringView("new-session");
const auto Start = QLatin1StringView("help-start");

//! A chat stands in the list once, whatever of it was found.
QString keyOf(const core::SearchHit &hit)
{
    return hit.comparisonId ? ComparisonKind + QString::number(hit.comparisonId)
                            : ChatKind + QString::number(hit.conversationId);
}

struct PracticeChoice
{
    const char *text;
    std::optional<core::PracticeFault> fault;
    std::optional<int> times; //!< None: until told otherwise.
};
constexpr PracticeChoice PracticeChoices[] = {
    {QT_TRANSLATE_NOOP("app::CommandPalette", "Practice: rate limit the next request"),
     core::PracticeFault::RateLimited, 1},
    {QT_TRANSLATE_NOOP("app::CommandPalette", "Practice: be overloaded"),
     core::PracticeFault::Overloaded, std::nullopt},
    {QT_TRANSLATE_NOOP("app::CommandPalette", "Practice: refuse the key"),
     core::PracticeFault::WrongKey, 1},
    {QT_TRANSLATE_NOOP("app::CommandPalette", "Practice: fall silent in the next answer"),
     core::PracticeFault::StallInStream, 1},
    {QT_TRANSLATE_NOOP("app::CommandPalette", "Practice: break the next answer off"),
     core::PracticeFault::ResetInStream, 1},
    {QT_TRANSLATE_NOOP("app::CommandPalette", "Practice: answer as usual"), std::nullopt,
     std::nullopt},
};

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
    const auto rowOf = [](const QString &id, const QString &title, const QString &detail = {}) {
        ui::PopupRow row;
        row.id = id;
        row.section = tr("Commands");
        row.title = title;
        row.detail = detail;
        return row;
    };
    QList<ui::PopupRow> rows;
    for (const auto &[command, text] : commands)
        rows.append(rowOf(CommandKind + QString::number(static_cast<int>(command)), text));
    rows.insert(1, rowOf(NewComparison, tr("New comparison")));
    rows.append(rowOf(NewSession, tr("New session"), tr("Its spend and budgets begin anew")));
    rows.append(rowOf(Start, tr("Help \u203a Start"),
                      tr("A local server, a key or the practice provider")));
    const bool practice = m_practice && m_practice();
    for (std::size_t i = 0; practice && i < std::size(PracticeChoices); ++i)
        rows.append(rowOf(FaultKind + QString::number(i), tr(PracticeChoices[i].text)));
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
                            const QString key = keyOf(hit);
                            if (seen.contains(key))
                                continue;
                            seen.insert(key);
                            ui::PopupRow row;
                            row.id = key + QLatin1Char(':') + QString::number(hit.messageId);
                            row.section = tr("Chats");
                            row.title = hit.title;
                            row.detail = hit.snippet;
                            rows.append(row);
                        }
                        m_popup->setFoundRows(words, rows);
                    });
}

void CommandPalette::askForFault(std::size_t choice)
{
    const PracticeChoice &chosen = PracticeChoices[choice];
    if (!chosen.fault) {
        Q_EMIT practiceFaultRequested(std::nullopt);
        return;
    }
    core::PracticeFaultPlan plan;
    plan.fault = *chosen.fault;
    plan.times = chosen.times;
    Q_EMIT practiceFaultRequested(plan);
}

void CommandPalette::take(const QString &id)
{
    const qlonglong number = id.section(QLatin1Char(':'), 1, 1).toLongLong();
    const qlonglong messageId = id.section(QLatin1Char(':'), 2, 2).toLongLong();
    if (id == NewComparison)
        Q_EMIT comparisonRequested();
    else if (id == NewSession)
        Q_EMIT sessionRequested();
    else if (id == Start)
        Q_EMIT startRequested();
    else if (id.startsWith(FaultKind))
        askForFault(static_cast<std::size_t>(number));
    else if (id.startsWith(CommandKind))
        Q_EMIT commandChosen(static_cast<ui::Command>(number));
    else if (id.startsWith(ComparisonKind))
        Q_EMIT opened({number, true}, messageId);
    else
        Q_EMIT opened({number, false}, messageId);
}

} // namespace app
