#pragma once

#include <QLatin1StringView>
#include <QString>

#include <type_traits>

namespace core {

//! One typed key with its default: the only way to name a setting. T is bool, int or QString.
template <typename T>
struct Setting
{
    using Default = std::conditional_t<std::is_same_v<T, QString>, const char *, T>;

    const char *key;
    Default standard;

    [[nodiscard]] QString name() const { return QString::fromLatin1(key); }
    [[nodiscard]] T defaultValue() const
    {
        if constexpr (std::is_same_v<T, QString>)
            return QString::fromUtf8(standard);
        else
            return standard;
    }
};

//! Every setting there is. Never a secret. Times are milliseconds unless the name says otherwise.
namespace settings {

inline constexpr Setting<QString> Theme{"appearance/theme", "system"}; //!< system, light, dark.
inline constexpr Setting<int> TextSize{"appearance/textSizePercent", 100};
inline constexpr Setting<bool> FollowAnswers{"appearance/followAnswers", false};
//! By a screen reader: sentences, end, off.
inline constexpr Setting<QString> SpokenAnswers{"appearance/spokenAnswers", "sentences"};
inline constexpr Setting<bool> WideColumn{"appearance/wideColumn", false};
inline constexpr Setting<bool> SidebarCollapsed{"appearance/sidebarCollapsed", false};
inline constexpr Setting<bool> DetailsShown{"appearance/detailsShown", false};
inline constexpr Setting<QString> WindowGeometry{"appearance/windowGeometry", ""}; //!< Base64.

//! COMMAND=KEY a line, those that differ.
inline constexpr Setting<QString> Shortcuts{"keys/shortcuts", ""};

inline constexpr Setting<bool> NotifyOfAnswers{"chat/notifyOfAnswers", true};
inline constexpr Setting<bool> SendWithEnter{"chat/sendWithEnter", true};
inline constexpr Setting<QString> LastTarget{"chat/lastTarget", ""}; //!< PROVIDER/MODEL.
inline constexpr Setting<QString> LastRoute{"chat/lastRoute", ""};   //!< Id; beats LastTarget.
//! PROVIDER/MODEL a line.
inline constexpr Setting<QString> FavouriteModels{"chat/favouriteModels", ""};
inline constexpr Setting<QString> RecentModels{"chat/recentModels", ""}; //!< Newest first.
//! PROVIDER/MODEL or route:ID a line.
inline constexpr Setting<QString> CompareTargets{"compare/lastTargets", ""};

//! Id of the workspace whose chats are listed, where new ones are made. Empty: all, the first.
inline constexpr Setting<QString> ShownWorkspace{"chat/workspace", ""};

//! What never leaves without a question, in any workspace: text or /expression/, one a line.
inline constexpr Setting<QString> BlockedPatterns{"guard/blockedPatterns", ""};

//! US dollars, hard, for everything: besides the budgets of the profile. Empty: none.
inline constexpr Setting<QString> DayLimit{"budgets/dayLimit", ""};
inline constexpr Setting<QString> MonthLimit{"budgets/monthLimit", ""};

//! Prompts are marked for the service's cache where that pays.
inline constexpr Setting<bool> PromptCache{"engine/promptCache", true};
//! Where Settings > Prices looks for another catalogue when Refresh is pressed.
inline constexpr Setting<QString> PriceAddress{"prices/address", ""};

inline constexpr Setting<bool> Retry{"engine/retry", true};
//! Once a request, by another one.
inline constexpr Setting<bool> ContinueBrokenAnswers{"engine/continueBrokenAnswers", false};
//! Stop ends an answer for the reader; it runs on unseen until its cost is known.
inline constexpr Setting<bool> DrainStopped{"engine/drainStopped", false};
inline constexpr Setting<bool> Fallback{"engine/fallback", true};
//! Of earlier versions: PROVIDER/MODEL a line. Made into a route at the next start, then empty.
inline constexpr Setting<QString> FallbackTargets{"engine/fallbackTargets", ""};
//! Id of the route that is gone on with after a model that was chosen alone; empty: none.
inline constexpr Setting<QString> FallbackRoute{"engine/fallbackRoute", ""};
inline constexpr Setting<int> RetriesPerTarget{"engine/retriesPerTarget", 2};
inline constexpr Setting<int> AttemptsPerRequest{"engine/attemptsPerRequest", 4};
inline constexpr Setting<int> RetryBaseDelay{"engine/retryBaseDelay", 500};
inline constexpr Setting<int> RetryLongestDelay{"engine/retryLongestDelay", 8'000};
inline constexpr Setting<int> RetryJitterPercent{"engine/retryJitterPercent", 100}; //!< 0: none.
inline constexpr Setting<int> TargetsPerRequest{"engine/targetsPerRequest", 3};
//! A service that asks for a longer wait is left for the next one of the route.
inline constexpr Setting<int> LongestQuietWait{"engine/longestQuietWait", 20'000};
inline constexpr Setting<int> LongestWait{"engine/longestWait", 120'000}; //!< A request, in all.

inline constexpr Setting<int> ConnectTimeout{"network/connectTimeout", 10'000};
inline constexpr Setting<int> FirstByteTimeout{"network/firstByteTimeout", 60'000};
//! Of models that think first, and of local ones.
inline constexpr Setting<int> SlowFirstByteTimeout{"network/slowFirstByteTimeout", 600'000};
inline constexpr Setting<int> IdleTimeout{"network/idleTimeout", 90'000};
inline constexpr Setting<int> TotalTimeout{"network/totalTimeout", 3'600'000};
inline constexpr Setting<bool> UseSystemProxy{"network/useSystemProxy", true};
//! To the system's proxy. The password is in the keychain, for the proxy "host:port" that is named.
inline constexpr Setting<QString> ProxyUser{"network/proxyUser", ""};
inline constexpr Setting<QString> ProxyPasswordFor{"network/proxyPasswordFor", ""};
//! Of earlier versions: a certificate authority for every service. Made that of each account in use
//! at the next start, then empty. For one run (--set): that of the services named by --target.
inline constexpr Setting<QString> CaFile{"network/caFile", ""};

//! Whether profiles of AWS's files may name a program that is run for keys.
inline constexpr Setting<bool> CredentialProcess{"keys/credentialProcess", false};

//! Whether providers are asked now and then for their list of models while their page is seen.
inline constexpr Setting<bool> ActiveCheck{"providers/activeCheck", false};

inline constexpr Setting<int> PracticeTokensPerSecond{"practice/tokensPerSecond", 60};

} // namespace settings

} // namespace core
