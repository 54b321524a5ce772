// What a budget refused of a round: the user is asked, and the lanes in question go on as they say.
#include "core/base/errortext.h"
#include "ui/compare/comparescreen.h"
#include "ui/compare/laneroom.h"
#include "ui/conversation/budgetquestion.h"
#include "ui/transcript/composer.h"

namespace ui {

//! The other lanes go on; these are named, and asked again as the user says.
void CompareScreen::askAboutBudget()
{
    QStringList names;
    std::optional<core::Shortfall> tightest;
    core::Error error;
    for (int lane = 0; lane < m_comparison->lanes().size(); ++lane) {
        const std::optional<core::RefusedTurn> refused = m_comparison->refusedTurn(lane);
        if (!refused)
            continue;
        error = refused->error;
        names.append(m_names.model(m_comparison->lanes().at(lane)->record().target));
        const std::optional<core::Shortfall> &shortfall = refused->error.shortfall;
        if (shortfall && (!tightest || shortfall->fittingOutput < tightest->fittingOutput))
            tightest = shortfall;
    }
    if (tightest)
        return m_budget->ask(*tightest, names);
    if (!names.isEmpty())
        return say(core::userText(error));
    m_budget->drop();
    m_composer->hideNotice();
}

void CompareScreen::takeBack()
{
    askAboutBudget();
    bool isAskedOfNobody = true;
    for (int lane = 0; lane < m_comparison->lanes().size(); ++lane)
        isAskedOfNobody = isAskedOfNobody && m_comparison->refusedTurn(lane);
    if (!m_composer->text().isEmpty() || !isAskedOfNobody)
        return;
    m_composer->setText(m_comparison->refusedTurn(0)->text); // it was not sent
    m_comparison->setDraft(m_composer->text());
}

//! What is asked now stands in the composer no more; what was typed since then does.
void CompareScreen::sendRefused(const core::SpendTerms &terms)
{
    if (!m_comparison)
        return;
    const QString typed = m_composer->text();
    bool isTyped = false;
    for (int lane = 0; lane < m_comparison->lanes().size(); ++lane) {
        const std::optional<core::RefusedTurn> refused = m_comparison->refusedTurn(lane);
        isTyped = isTyped || (refused && refused->text == typed);
    }
    m_comparison->sendRefused(terms);
    if (isTyped && m_comparison->isRunning())
        dropDraft();
}

//! What that lane was not asked until now, for want of room or of money.
void CompareScreen::askLane(int lane)
{
    if (m_comparison->heldTurn(lane))
        return m_room->ask(*m_comparison, lane);
    const std::optional<core::RefusedTurn> refused = m_comparison->refusedTurn(lane);
    if (!refused)
        return;
    if (const auto asked = m_comparison->askRefused(lane); !asked)
        return say(core::userText(asked.error()));
    if (refused->text == m_composer->text() && m_comparison->lanes().at(lane)->isRunning())
        dropDraft();
    askAboutBudget(); // the others
}

bool CompareScreen::hasRefused() const
{
    for (int lane = 0; lane < m_lanes.size(); ++lane) {
        if (m_comparison->refusedTurn(lane))
            return true;
    }
    return false;
}

} // namespace ui
