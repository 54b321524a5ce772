#pragma once

#include "tests/core/store/storefixture.h"
#include "tests/support/fakeclock.h"
#include "tests/support/seededrandom.h"

namespace tests {

//! One request as a test wants it in the ledger.
struct LedgerRequest
{
    QString provider, model;
    core::UtcTime at{};
    core::Cost cost;
    std::chrono::milliseconds firstToken{500};
    std::int64_t input = 1000, output = 100;
    std::optional<core::PicoUsd> saved; //!< By the prompt cache; none: it was not used.
    std::optional<core::PicoUsd> most;  //!< As a budget counts it where a part has no price.
    int failedAttempts = 0;             //!< Before the one that answers; they cost nothing.
    core::CostBasis failureBasis =
        core::CostBasis::NotCharged; //!< Why a failed attempt cost nothing.
    bool answered = true;
    bool simulated = false;
    std::int64_t workspaceId = 0; //!< 0: the first.
};

//! A real store that a test fills by its journal.
class SpendLedger
{
public:
    SpendLedger()
        : ids(clock, random)
        , store(std::move(core::Store::open({folder.path(), core::SessionKind::Window, false},
                                            clock, ids))
                    .value())
    {
    }

    void add(const LedgerRequest &request)
    {
        const std::int64_t id = ids.next();
        const int attempts = request.failedAttempts + 1;
        for (int number = 1; number <= attempts; ++number) {
            core::AttemptOpening opening;
            opening.id = ids.next();
            opening.requestId = id;
            opening.number = number;
            opening.target.provider = request.provider;
            opening.target.model = request.model;
            opening.target.simulated = request.simulated;
            opening.priceProvider = request.provider;
            opening.queuedAt = request.at;
            core::RequestContext context;
            context.sessionId = store->sessionId();
            context.workspaceId = request.workspaceId;
            opened = number == 1 ? store->journal().openRequest(id, context, opening)
                                 : store->journal().openAttempt(opening);
            const bool answers = number == attempts && request.answered;
            store->journal().closeAttempt(ended(opening, request, answers));
        }
        store->journal().closeRequest(
            id, request.answered ? core::RequestState::Completed : core::RequestState::Failed, {});
    }

    [[nodiscard]] bool drained() { return awaited(store->journal().drained()).hasValue(); }

    QTemporaryDir folder;
    FakeClock clock;
    SeededRandom random{7};
    core::IdSource ids;
    std::unique_ptr<core::Store> store;

private:
    [[nodiscard]] static core::AttemptRecord ended(const core::AttemptOpening &opening,
                                                   const LedgerRequest &request, bool answers)
    {
        core::AttemptRecord record = core::recordOf(opening);
        record.outcome = answers ? core::AttemptOutcome::Completed : core::AttemptOutcome::Failed;
        record.times.end = std::chrono::milliseconds(100);
        if (answers) {
            record.times.firstVisible = request.firstToken;
            record.times.lastByte = request.firstToken + std::chrono::seconds(2);
            record.times.end = *record.times.lastByte;
            record.cost.total = request.cost;
            record.costBasis = core::CostBasis::Exact;
            record.usage.tokens = {{core::UsageKind::Input, request.input},
                                   {core::UsageKind::Output, request.output}};
            record.usage.basis = core::UsageBasis::Provider;
            record.mostItCost = request.most;
            record.saved = request.saved;
            record.savedBy = request.saved ? core::SavedBy::PromptCache : core::SavedBy::Nothing;
        } else {
            record.error = core::Error();
            record.error->kind = core::ErrorKind::Overloaded;
            record.costBasis = request.failureBasis;
        }
        return record;
    }

    QFuture<core::Result<core::OpenedAttempt>> opened;
};

} // namespace tests
