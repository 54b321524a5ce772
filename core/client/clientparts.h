#pragma once

#include "core/base/idsource.h"
#include "core/base/random.h"
#include "core/client/trafficcontrol.h"
#include "core/ledger/journal.h"
#include "core/ledger/responsecache.h"
#include "core/net/httptransport.h"
#include "core/net/reachability.h"
#include "core/pricing/costcalculator.h"
#include "core/providers/providerregistry.h"
#include "core/resilience/retrypolicy.h"
#include "core/secrets/keystore.h"
#include "core/tokens/textcounts.h"

namespace core {

//! Retry and time limits of the engine; filled from settings by app/.
struct ClientOptions : RetryOptions
{
    HttpDeadlines deadlines;
    //! First byte of what may think before it speaks: reasoning models, and local ones that are
    //! loaded first.
    std::chrono::milliseconds slowFirstByte{600'000};
    //! Longest time of a whole request, waits and retries included; none: its attempts have theirs.
    std::optional<std::chrono::milliseconds> requestDeadline;
    //! Received text waits this long at most before the Journal gets it; the rest of 500 ms is the
    //! writer's own delay and the disk.
    std::chrono::milliseconds partialInterval{200};
    //! Prompts are marked for the service's cache where that pays.
    bool promptCache = true;
    //! An answer whose connection broke goes on by itself, once (Conversation).
    bool continueBrokenAnswers = false;
    //! A stopped answer runs on unseen until its cost is known (Drainage).
    bool drainStopped = false;
    //! Longest answer where the request sets no limit: the upper end of ranges and reservations.
    std::int64_t assumedMaxOutput = 8'192;
};

//! Finds the account that a target uses; the keys' side of it is KeyStore's.
class AccountBook
{
public:
    virtual ~AccountBook() = default;
    [[nodiscard]] virtual Account account(const Target &target) const = 0;
};

//! What is known of models: which one answers behind a name that only points to one (a deployment,
//! an inference profile), and what each can do.
class ModelBook
{
public:
    virtual ~ModelBook() = default;
    //! The model that has the price and the tokenizer; \p target's own if it is not known.
    [[nodiscard]] virtual QString modelBehind(const Target &target) const = 0;
    //! What the service's list says of \p target's model; all unknown where it is not listed.
    [[nodiscard]] virtual ModelInfo infoOf(const Target &) const { return {}; }
    //! An answer from \p target said that \p answered made it.
    virtual void learn(const Target &target, const QString &answered) = 0;
};

//! Everything the engine uses; each must outlive it.
struct ClientParts
{
    HttpTransport &transport;
    Clock &clock;
    Random &random;
    IdSource &ids;
    const ProviderRegistry &providers;
    KeyStore &keys;
    const AccountBook &accounts;
    Journal &journal;
    const CostCalculator &costs;
    TrafficControl &traffic;
    ModelBook *models = nullptr;                //!< Without one each name is a model's own.
    TextCounts *counts = nullptr;               //!< Without it prompts are guessed.
    ResponseCache *cache = nullptr;             //!< Without one every request is sent.
    const Reachability *reachability = nullptr; //!< Without it nobody is ever offline.
};

} // namespace core
