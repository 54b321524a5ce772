#include "core/providers/claudethinking.h"

#include "core/providers/wirerequest.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr int LeastBudget = 1'024; // by the API

bool isAnyClaude(const QString &model, std::initializer_list<QLatin1StringView> names)
{
    return std::any_of(names.begin(), names.end(),
                       [&model](QLatin1StringView name) { return model.contains(name); });
}

//! What is older is known; a new model is like those from 4.6 on.
bool cannotThink(const QString &model)
{
    return isAnyClaude(model, {"claude-v"_L1, "claude-instant"_L1, "claude-2"_L1, "claude-3-5"_L1,
                               "claude-3-haiku"_L1, "claude-3-opus"_L1, "claude-3-sonnet"_L1});
}

bool takesBudget(const QString &model)
{
    return isAnyClaude(model, {"claude-3-7"_L1, "claude-sonnet-4-0"_L1, "claude-sonnet-4-2"_L1,
                               "claude-sonnet-4-5"_L1, "claude-haiku-4-5"_L1, "claude-opus-4-0"_L1,
                               "claude-opus-4-1"_L1, "claude-opus-4-2"_L1, "claude-opus-4-5"_L1});
}

//! The nearest word that the model knows; of two that are as near, the cheaper one.
QString knownEffort(const QString &model, const QString &effort)
{
    if (effort == "minimal"_L1)
        return u"low"_s;
    const bool isUnknown = effort == "xhigh"_L1 && isAnyClaude(model, {"-4-6"_L1});
    return isUnknown ? u"high"_s : effort;
}

QString leftOutHere(const Endpoint &endpoint, const char *what)
{
    return leftOut(endpoint, QCoreApplication::translate("core::Providers", what));
}

ClaudeThinking unthinking(const Endpoint &endpoint, QStringList &warnings)
{
    const QString &model = endpoint.model;
    if (isAnyClaude(model, {"claude-fable"_L1, "claude-mythos"_L1})) {
        warnings.append(leftOutHere(endpoint, "an answer without reasoning from this model"));
        return {};
    }
    // These do not think unless they are told to; 4.7 even refuses to be told not to.
    if (cannotThink(model) || takesBudget(model) || isAnyClaude(model, {"claude-opus-4-7"_L1}))
        return {};
    return {{{"type"_L1, "disabled"_L1}}, {}};
}

ClaudeThinking withBudget(const Endpoint &endpoint, const QString &effort, std::optional<int> limit,
                          QStringList &warnings)
{
    static const QHash<QString, int> budgets{
        {u"minimal"_s, LeastBudget}, {u"low"_s, LeastBudget}, {u"medium"_s, 4'096}};
    const int wanted = budgets.value(effort, 16'384);
    const int budget = limit ? std::min(wanted, *limit - 1) : wanted;
    if (budget < LeastBudget) {
        warnings.append(leftOutHere(endpoint, "a reasoning effort with so short an answer"));
        return {};
    }
    static const QStringList levels{u"low"_s, u"medium"_s, u"high"_s};
    if (!levels.contains(effort))
        warnings.append(nearestEffort(endpoint, effort));
    return {{{"type"_L1, "enabled"_L1}, {"budget_tokens"_L1, budget}}, {}};
}

} // namespace

int ClaudeThinking::budget() const
{
    return thinking.value("budget_tokens"_L1).toInt();
}

ClaudeThinking claudeThinking(const Endpoint &endpoint, const QString &effort,
                              std::optional<int> limit, QStringList &warnings)
{
    if (effort.isEmpty())
        return {};
    if (effort == "none"_L1)
        return unthinking(endpoint, warnings);
    if (cannotThink(endpoint.model)) {
        warnings.append(leftOutHere(endpoint, "a reasoning effort for this model"));
        return {};
    }
    if (takesBudget(endpoint.model))
        return withBudget(endpoint, effort, limit, warnings);
    const QString nearest = knownEffort(endpoint.model, effort);
    if (nearest != effort)
        warnings.append(nearestEffort(endpoint, effort));
    return {{{"type"_L1, "adaptive"_L1}}, nearest};
}

ChatOptions samplingBeside(const ClaudeThinking &how, ChatOptions options, const Endpoint &endpoint,
                           QStringList &warnings)
{
    constexpr double LeastTopP = 0.95;
    if (how.thinking.isEmpty() || how.thinking.value("type"_L1) == "disabled"_L1)
        return options;
    if (options.temperature && *options.temperature != 1.0) {
        options.temperature.reset();
        warnings.append(leftOutHere(endpoint, "a temperature while it reasons"));
    }
    if (options.topP && *options.topP < LeastTopP) {
        options.topP.reset();
        warnings.append(leftOutHere(endpoint, "so low a top_p while it reasons"));
    }
    return options;
}

} // namespace core
