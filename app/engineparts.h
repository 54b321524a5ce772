#pragma once

#include "app/engineoptions.h"
#include "app/proxypassword.h"
#include "core/base/random.h"
#include "core/base/sleepwatch.h"
#include "core/client/accountnotes.h"
#include "core/client/accountsetup.h"
#include "core/client/activecheck.h"
#include "core/client/calibrationfeed.h"
#include "core/client/chatclient.h"
#include "core/client/costforecast.h"
#include "core/client/modellister.h"
#include "core/client/modellists.h"
#include "core/client/pricerefresh.h"
#include "core/client/routebook.h"
#include "core/client/tokencounter.h"
#include "core/conversation/comparisonbook.h"
#include "core/conversation/conversationbook.h"
#include "core/conversation/workspacebook.h"
#include "core/practice/practiceprovider.h"
#include "core/pricing/pricebook.h"
#include "core/secrets/awsprofilekeystore.h"
#include "core/secrets/credentialstore.h"
#include "core/secrets/entrakeystore.h"
#include "core/secrets/keychainkeystore.h"
#include "core/settings/settings.h"
#include "core/stats/health.h"
#include "core/store/fileresponsecache.h"
#include "core/store/store.h"

#include <memory>

namespace app {

//! What the engine consists of (for engine.cpp only), in the order it is made; the last goes first.
//! Each function below makes what stands on what the one before it made. Main thread.
struct EngineParts
{
    EngineParts(const EngineOptions &o, core::ProviderRegistry &&registry,
                core::PriceCatalogue &&catalogue);

    [[nodiscard]] core::Result<core::Done> takeOverrides(); //!< --set KEY=VALUE, into the settings.
    [[nodiscard]] core::Result<core::Done> openStore();
    void makeAccounts();
    void makeClient();
    void makeConversations();

    void applyNetwork();  //!< Tells the transport what changed for later requests.
    void followNetwork(); //!< From now on, also when an account gets another authority or address,
                          //!< or the proxy another password.

    EngineOptions options;
    core::SystemClock systemClock;
    core::Clock &clock = options.clock ? *options.clock : systemClock;
    core::SleepWatch sleepWatch{clock};
    core::SystemRandom random;
    core::IdSource ids{clock, random};
    core::Settings settings;
    core::ProviderRegistry providers;
    core::PriceBook prices;
    core::CostCalculator costs;
    std::shared_ptr<core::TextCounts> counts = std::make_shared<core::TextCounts>();
    core::SessionKeyStore sessionKeys;
    core::EnvironmentKeyStore environmentKeys;
    core::KeychainKeyStore keychain;
    core::AccountKeyStore accountKeys;
    core::AccountKeyStore signInTokens; //!< Never the environment's: that holds keys.
    ProxyPassword proxyPassword;
    core::HttpTransport transport;
    core::PriceRefresh priceRefresh;
    core::NetworkOptions network; //!< As the transport has them.
    QString authorityKept;  //!< The file of certificates that the settings name, without --set.
    QString authorityOfRun; //!< Given by --set; empty: as kept.
    core::AwsProfileKeyStore awsKeys;
    core::EntraClient entra;
    core::EntraKeyStore signIns;
    core::CredentialStore keys;
    core::FileResponseCache answerCache{
        options.profile.cacheDirectory() + QStringLiteral("/answers"), clock};
    std::unique_ptr<core::Store> store;
    std::unique_ptr<core::TrafficControl> traffic;
    std::unique_ptr<core::ModelLister> lister;
    std::unique_ptr<core::AccountSetup> accounts;
    std::unique_ptr<core::AccountNotes> accountNotes;
    std::unique_ptr<core::RouteBook> routes;
    std::unique_ptr<core::ModelLists> modelLists;
    std::unique_ptr<core::ActiveCheck> activeCheck;
    std::unique_ptr<core::Health> health;
    std::unique_ptr<core::ChatClient> client;
    std::unique_ptr<core::TokenCalibration> calibration;
    std::unique_ptr<core::CalibrationFeed> calibrationFeed;
    std::unique_ptr<core::CostForecast> forecast;
    std::unique_ptr<core::TokenCounter> tokenCounter;
    std::unique_ptr<core::ConversationBook> conversations;
    std::unique_ptr<core::ComparisonBook> comparisons;
    std::unique_ptr<core::WorkspaceBook> workspaces;
    std::unique_ptr<core::PracticeProvider> practice;
};

} // namespace app
