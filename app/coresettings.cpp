#include "app/coresettings.h"

#include <algorithm>

namespace app {

core::NetworkOptions networkOptions(const core::Settings &settings)
{
    core::NetworkOptions options;
    options.useSystemProxy = settings.value(core::settings::UseSystemProxy);
    return options;
}

core::AwsProfileKeyStore::Processes processes(const core::Settings &settings)
{
    using Processes = core::AwsProfileKeyStore::Processes;
    return settings.value(core::settings::CredentialProcess) ? Processes::Allowed
                                                             : Processes::Refused;
}

core::ClientOptions clientOptions(const core::Settings &settings)
{
    namespace keys = core::settings;
    const auto count = [&settings](const core::Setting<int> &key) {
        return std::max(0, settings.value(key));
    };
    const auto time = [&count](const core::Setting<int> &key) {
        return std::chrono::milliseconds(count(key));
    };
    core::ClientOptions options;
    options.retry = settings.value(keys::Retry);
    options.drainStopped = settings.value(keys::DrainStopped);
    options.continueBrokenAnswers = settings.value(keys::ContinueBrokenAnswers);
    options.fallback = settings.value(keys::Fallback);
    options.promptCache = settings.value(keys::PromptCache);
    options.maxRetriesPerTarget = count(keys::RetriesPerTarget);
    options.maxAttempts = count(keys::AttemptsPerRequest);
    options.maxTargets = count(keys::TargetsPerRequest);
    options.baseDelay = time(keys::RetryBaseDelay);
    options.longestDelay = time(keys::RetryLongestDelay);
    options.jitter = count(keys::RetryJitterPercent) / 100.0;
    options.longestSilentHint = time(keys::LongestQuietWait);
    options.longestHint = options.totalWait = time(keys::LongestWait);
    options.deadlines.connect = time(keys::ConnectTimeout);
    options.deadlines.firstByte = time(keys::FirstByteTimeout);
    options.slowFirstByte = time(keys::SlowFirstByteTimeout);
    options.deadlines.idle = time(keys::IdleTimeout);
    options.deadlines.total = time(keys::TotalTimeout);
    return options;
}

core::Result<QList<core::Budget>> furtherBudgets(const core::Settings &settings)
{
    QList<core::Budget> budgets;
    const std::pair<const core::Setting<QString> &, core::LimitPeriod> limits[] = {
        {core::settings::DayLimit, core::LimitPeriod::Day},
        {core::settings::MonthLimit, core::LimitPeriod::Month}};
    for (const auto &[setting, period] : limits) {
        const QString text = settings.value(setting).trimmed();
        if (text.isEmpty())
            continue;
        const auto amount = core::PicoUsd::fromDecimal(text);
        if (!amount || *amount < core::PicoUsd()) {
            return core::rejected(
                QStringLiteral("%1 is an amount in US dollars like 0.50, not \"%2\".")
                    .arg(setting.name(), text));
        }
        core::Budget budget;
        budget.period = period;
        budget.limit = amount->count();
        budget.hard = true;
        budgets.append(budget);
    }
    return budgets;
}

QStringList blockedPatterns(const core::Settings &settings, const core::Workspace &workspace)
{
    return settings.value(core::settings::BlockedPatterns).split(u'\n') +
           workspace.blockedPatterns.split(u'\n');
}

} // namespace app
