#pragma once

#include "app/engineoptions.h"
#include "core/client/chatclient.h"
#include "core/client/costforecast.h"
#include "core/client/modellists.h"
#include "core/client/pricerefresh.h"
#include "core/client/routebook.h"
#include "core/conversation/comparisonbook.h"
#include "core/conversation/conversationbook.h"
#include "core/conversation/workspacebook.h"
#include "core/pricing/pricebook.h"
#include "core/settings/settings.h"
#include "core/store/store.h"

#include <future>
#include <memory>

namespace core {
class AccountNotes;
class ActiveCheck;
class EntraClient;
class Health;
class PracticeProvider;
class TokenCounter;
} // namespace core

namespace app {

class ProxyPassword;
struct EngineParts;

//! The shipped price catalogue on its way: the longest read of a start, done beside the others.
using PendingPrices = std::future<core::Result<core::PriceCatalogue>>;
[[nodiscard]] PendingPrices readPrices();

//! The core's object graph, built once: the one place that names its concrete classes. Main thread.
class Engine
{
public:
    [[nodiscard]] static core::Result<std::unique_ptr<Engine>>
    create(const EngineOptions &options, PendingPrices prices = readPrices());
    ~Engine();

    [[nodiscard]] core::Settings &settings();
    [[nodiscard]] core::Clock &clock();
    [[nodiscard]] core::IdSource &ids();
    [[nodiscard]] const core::ProviderRegistry &providers() const;
    [[nodiscard]] const core::PriceCatalogue &prices() const; //!< With the user's over it.
    [[nodiscard]] core::PriceBook &priceBook();
    [[nodiscard]] core::PriceRefresh &priceRefresh();
    [[nodiscard]] core::AccountSetup &accounts();
    [[nodiscard]] core::AccountNotes &accountNotes();
    [[nodiscard]] core::RouteBook &routes();
    [[nodiscard]] core::WorkspaceBook &workspaces();
    [[nodiscard]] core::ModelLists &modelLists();
    [[nodiscard]] core::Store &store();
    [[nodiscard]] core::ResponseCache &answerCache();
    [[nodiscard]] core::EntraClient &entra();
    [[nodiscard]] ProxyPassword &proxyPassword();
    [[nodiscard]] core::Health &health();
    [[nodiscard]] core::ActiveCheck &activeCheck();
    [[nodiscard]] core::ChatClient &client();
    //! What \p questions may take if they are sent now.
    [[nodiscard]] QFuture<QList<core::Forecast>>
    forecast(const QList<core::ForecastQuestion> &questions) const;
    [[nodiscard]] core::TokenCounter &tokenCounter();
    [[nodiscard]] core::TrafficControl &traffic();
    [[nodiscard]] core::ConversationBook &conversations();
    [[nodiscard]] core::ComparisonBook &comparisons();

    //! Starts the practice provider's server if it does not run yet. A window knows its models
    //! always, and what is sent to one of them starts it.
    [[nodiscard]] core::Result<core::Done> startPractice();
    [[nodiscard]] core::PracticeProvider *practice(); //!< nullptr: never started.
    //! What changed counts for later requests. Errors: InputRejected, if a limit of this run is no
    //! amount; then the former limits go on, and all else counts.
    [[nodiscard]] core::Result<core::Done> applySettings();
    [[nodiscard]] bool isDemo() const;
    //! Whom to ask when nobody was named: practice in a demo, else the last used; its model may be
    //! empty.
    [[nodiscard]] core::Target defaultTarget() const;

private:
    explicit Engine(std::unique_ptr<EngineParts> parts);
    void offerPractice();
    std::unique_ptr<EngineParts> d;
};

} // namespace app
