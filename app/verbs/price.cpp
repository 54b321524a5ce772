#include "app/console.h"
#include "app/inputfile.h"
#include "app/jsonwriter.h"
#include "app/replyjson.h"
#include "app/verbs/verbs.h"
#include "core/base/errortext.h"
#include "core/pricing/costcalculator.h"
#include "core/pricing/pricearchive.h"
#include "core/pricing/pricebook.h"
#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

namespace app {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 LargestCatalogue = 64 * 1024 * 1024;

std::optional<std::int64_t> countOf(const QJsonValue &value)
{
    const std::int64_t number = value.toInteger(-1); // exact in all 64 bits, unlike a double
    return number < 0 ? std::nullopt : std::optional(number);
}

//! A text, or what is wrong.
core::Result<QString> textOf(const QString &key, const QJsonValue &value)
{
    if (!value.isString())
        return usageError(QStringLiteral("'%1' takes a text.").arg(key));
    return value.toString();
}

core::Result<core::Usage> usageFrom(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isObject())
        return usageError(
            QStringLiteral("--usage takes a JSON object, as {\"input\":1204,\"output\":356}."));
    core::Usage usage;
    usage.basis = core::UsageBasis::Provider;
    const QJsonObject object = document.object();
    for (auto at = object.constBegin(); at != object.constEnd(); ++at) {
        if (at.key() == "service_tier"_L1 || at.key() == "inference_geo"_L1) {
            const auto text = textOf(at.key(), *at);
            if (!text)
                return text.error();
            (at.key() == "service_tier"_L1 ? usage.serviceTier : usage.inferenceGeo) = *text;
        } else if (at.key() == "fees"_L1) {
            if (!at->isObject())
                return usageError(QStringLiteral("'fees' takes an object, as {\"web_search\":3}."));
            const QJsonObject fees = at->toObject();
            for (auto fee = fees.constBegin(); fee != fees.constEnd(); ++fee) {
                const auto unit = core::feeUnitOf(fee.key());
                const auto count = countOf(*fee);
                if (!unit || !count)
                    return usageError(
                        QStringLiteral("'%1' is not a fee with a whole count.").arg(fee.key()));
                usage.fees.insert(*unit, *count);
            }
        } else {
            const auto kind = core::usageKindOf(at.key());
            const auto count = countOf(*at);
            if (!kind || !count)
                return usageError(QStringLiteral("'%1' is not a kind of tokens with a whole count.")
                                      .arg(at.key()));
            usage.tokens.insert(*kind, *count);
        }
    }
    return usage;
}

//! Whose prices those of \p provider are: openai-chat is OpenAI's account, too.
QString priceProvider(const QString &provider, const core::PriceCatalogue &catalogue)
{
    if (catalogue.providers().contains(provider))
        return provider;
    const auto registry = core::ProviderRegistry::fromJson(core::builtInProviders());
    const auto *info = registry ? registry->provider(provider) : nullptr;
    return info && !info->priceProvider.isEmpty() ? info->priceProvider : provider;
}

//! The one that --catalogue names, else the program's own: shipped, or taken over it.
core::Result<core::PriceCatalogue> catalogueFor(const CommandLine &line, const Profile &profile)
{
    if (line.has(QStringLiteral("--catalogue"))) {
        const auto file = readInput(line.value(QStringLiteral("--catalogue")), LargestCatalogue);
        if (!file)
            return file.error();
        return core::PriceCatalogue::fromJson(*file);
    }
    auto shipped = core::PriceCatalogue::fromJson(core::builtInPrices());
    if (!shipped)
        return shipped.error();
    const auto taken = core::PriceArchive(profile.priceArchive()).current();
    if (!taken)
        Console::errorLine(core::userText(taken.error()));
    else if (*taken)
        return **taken;
    return shipped;
}

//! When --at says that it is; without it, now.
core::Result<core::UtcTime> timeFrom(const CommandLine &line)
{
    if (!line.has(QStringLiteral("--at")))
        return core::UtcTime(
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()));
    QDateTime time = QDateTime::fromString(line.value(QStringLiteral("--at")), Qt::ISODate);
    if (time.timeSpec() == Qt::LocalTime) // the catalogue's days are those of UTC
        time.setTimeSpec(Qt::UTC);
    if (!time.isValid())
        return usageError(QStringLiteral("--at takes a time as 2026-11-23T12:00:00Z."));
    return core::UtcTime(std::chrono::milliseconds(time.toMSecsSinceEpoch()));
}

} // namespace

ExitCode runPrice(const CommandLine &line, const Profile &profile)
{
    const auto catalogue = catalogueFor(line, profile);
    if (!catalogue)
        return fail(catalogue.error());
    const auto usage = usageFrom(line.value(QStringLiteral("--usage")).toUtf8());
    if (!usage)
        return fail(usage.error());
    const auto at = timeFrom(line);
    if (!at)
        return fail(at.error());
    const QString provider = line.value(QStringLiteral("--provider"));
    const QString model = line.value(QStringLiteral("--model"));
    if (provider.isEmpty() || model.isEmpty())
        return fail(usageError(
            QStringLiteral("Name both: --provider anthropic --model claude-sonnet-4-5")));

    // Another catalogue is priced as it is; the program's own has the user's prices over it.
    const core::PriceBook book(
        *catalogue, line.has(QStringLiteral("--catalogue")) ? QString() : profile.priceFile());
    if (book.fault())
        Console::errorLine(core::userText(*book.fault()));
    const core::CostBreakdown cost =
        core::CostCalculator(book.catalogue())
            .cost(priceProvider(provider, book.catalogue()), model, *usage, *at);
    Console::outLine(priceJson(cost));
    if (!cost.rateCard.isEmpty())
        return ExitCode::Success;
    Console::errorLine(QStringLiteral("farthing: The prices of %1 know no model '%2' at that time.")
                           .arg(provider, model));
    return ExitCode::Usage;
}

} // namespace app
