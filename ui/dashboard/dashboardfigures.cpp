#include "ui/dashboard/dashboardfigures.h"

#include "core/stats/monthforecast.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/plaintext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <map>

namespace ui {

QString DashboardNames::modelName(const QString &providerId, const QString &modelId) const
{
    const QString name = model ? model(providerId, modelId) : QString();
    return shownName(name.isEmpty() ? modelId : name);
}

QString DashboardNames::providerName(const QString &providerId) const
{
    const QString name = provider ? provider(providerId) : QString();
    return shownName(name.isEmpty() ? providerId : name);
}

bool DashboardNames::isLocalProvider(const QString &providerId) const
{
    return isLocal && isLocal(providerId);
}

DashboardFigures figuresOf(const core::SpendSpan &span, const QList<core::SpendRow> &quarters)
{
    DashboardFigures figures;
    figures.span = span;
    figures.steps = core::stepsOf(span, quarters);
    std::map<std::pair<QString, QString>, core::SpendRow> models;
    for (const core::SpendRow &quarter : quarters) {
        core::SpendRow &row = models[{quarter.provider, quarter.model}];
        row.provider = quarter.provider;
        row.model = quarter.model;
        row.sums.add(quarter.sums);
        figures.total.add(quarter.sums);
    }
    for (const auto &[key, row] : models)
        figures.models.append(row);
    std::stable_sort(figures.models.begin(), figures.models.end(),
                     [](const core::SpendRow &a, const core::SpendRow &b) {
                         return a.sums.cost.low > b.sums.cost.low;
                     });
    return figures;
}

void addForecast(DashboardFigures &figures, core::UtcTime now, const QTimeZone &zone)
{
    figures.ahead.clear();
    const core::SpendSpan &span = figures.span;
    if (span.range != core::SpendRange::Month || span.filter.simulated || now >= span.end)
        return;
    const core::MonthForecast forecast = core::monthForecast(figures.total.cost, now, zone);
    if (!forecast.atEnd)
        return;
    for (qsizetype i = 0; i < span.steps.size(); ++i) {
        const core::UtcTime start = span.steps.at(i);
        const core::UtcTime end = i + 1 < span.steps.size() ? span.steps.at(i + 1) : span.end;
        figures.ahead.append(
            start > now ? forecast.during(std::chrono::floor<std::chrono::seconds>(end - start))
                        : std::nullopt);
    }
}

std::optional<QString> percentText(std::int64_t part, std::int64_t whole)
{
    if (whole <= 0)
        return std::nullopt;
    if (part >= whole)
        return QStringLiteral("100%");
    if (part <= 0)
        return QStringLiteral("0%");
    const std::int64_t thousandths = (part * 2000 + whole) / (whole * 2);
    if (thousandths == 0)
        return QStringLiteral("<0.1%");
    if (thousandths >= 1000)
        return QStringLiteral(">99.9%");
    return QStringLiteral("%1.%2%").arg(thousandths / 10).arg(thousandths % 10);
}

SavedTexts savedTexts(const core::SpendSums &sums)
{
    const auto translated = [](const char *text) {
        return QCoreApplication::translate("ui::DashboardScreen", text);
    };
    const core::PicoUsd saved =
        core::saturatingSum(sums.savedByPromptCache, sums.savedByResponseCache);
    const bool isKnown = sums.savedUnknown == 0;
    if (saved < core::PicoUsd()) {
        const core::PicoUsd lost(-saved.count());
        return {QStringLiteral("\u2212") + moneyText(lost, Decimals::Sidebar),
                isKnown ? translated("writing cost more than reading saved")
                        : translated("and a part that is unknown")};
    }
    if (saved == core::PicoUsd())
        return isKnown ? SavedTexts{moneyText(saved, Decimals::Sidebar),
                                    translated("no cache was of use")}
                       : SavedTexts{translated("unknown"), translated("a price is not known")};
    // Part of it is unknown: the rest is no floor, for the unknown may be below zero.
    const QString figure = moneyText(saved, Decimals::Sidebar);
    if (!isKnown)
        return {figure, translated("and a part that is unknown")};
    const std::int64_t full = core::saturatingSum(sums.cost.low, saved).count();
    const auto share = sums.cost.complete ? percentText(saved.count(), full) : std::nullopt;
    QString note = share ? translated("%1 of the full price").arg(*share)
                         : translated("of a price that is not all known");
    if (sums.savedByResponseCache > core::PicoUsd())
        note = translated("%1 by kept answers")
                   .arg(moneyText(sums.savedByResponseCache, Decimals::Sidebar));
    return {figure, note};
}

std::optional<core::Cost> costPerRequest(const core::SpendSums &sums)
{
    if (sums.requests <= 0)
        return std::nullopt;
    const auto low = sums.cost.low.scaled(1, sums.requests);
    const auto high = sums.cost.high.scaled(1, sums.requests);
    if (!low || !high)
        return std::nullopt;
    return core::Cost{*low, *high, sums.cost.complete};
}

std::optional<QString> tokensText(const core::SpendSums &sums, core::UsageKind kind)
{
    const auto it = sums.tokens.find(kind);
    if (it == sums.tokens.end())
        return std::nullopt;
    if (sums.tokensUnknown == 0)
        return shortCountText(*it);
    return QStringLiteral("\u2265 ") + shortLeastCountText(*it);
}

std::optional<double> tokensPerSecond(const core::SpendSums &sums)
{
    if (sums.streamingTime.count() <= 0 || sums.outputTokensTimed <= 0)
        return std::nullopt;
    return static_cast<double>(sums.outputTokensTimed) * 1000.0 /
           static_cast<double>(sums.streamingTime.count());
}

QString stepText(core::UtcTime start, core::StepLength length, const QTimeZone &zone)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(start.time_since_epoch().count(), zone);
    return length == core::StepLength::Day
               ? QLocale().toString(time.date(), QStringLiteral("d MMM"))
               : QLocale().toString(time.time(), QStringLiteral("HH:mm"));
}

} // namespace ui
