#include "core/client/fallbackcheck.h"

#include "core/chat/attachment.h"

#include <QRegularExpression>

#include <algorithm>

namespace core {

namespace {

using Reason = Decision::Reason;

//! What is no picture and goes nowhere as words.
bool isDocument(const AttachmentPart &file)
{
    return !isImage(file) && !isText(file);
}

bool hasFile(const ChatRequest &request, bool (*isMeant)(const AttachmentPart &))
{
    const auto isFile = [isMeant](const ContentPart &part) {
        const auto *file = std::get_if<AttachmentPart>(&part);
        return file && isMeant(*file);
    };
    return std::any_of(request.messages.begin(), request.messages.end(),
                       [&isFile](const Message &message) {
                           return std::any_of(message.parts.begin(), message.parts.end(), isFile);
                       });
}

void checkPrice(Decision &decision, const FallbackEnd &from, const FallbackEnd &to,
                const AttemptCost &costs, UtcTime now)
{
    if (from.provider.simulated || to.provider.local || to.provider.simulated)
        return;
    const auto worst = [&costs, now](const FallbackEnd &end) {
        // A deployment's name has no price of its own.
        const QString &model = end.model.behind.isEmpty() ? end.target.model : end.model.behind;
        return costs.worstCase({end.provider, end.target.model, model, now});
    };
    const Cost before = worst(from);
    const Cost after = worst(to);
    if (!before.complete)
        return; // nothing to compare with
    if (!after.complete) {
        decision.reasons += Reason::PriceUnknown;
        return;
    }
    const auto most = static_cast<double>(after.high.count());
    const auto usual = static_cast<double>(before.high.count());
    if (most <= DearerThan * usual)
        return;
    decision.reasons += Reason::Dearer;
    if (usual > 0)
        decision.priceRatio = most / usual;
}

void checkCapabilities(Decision &decision, const FallbackEnd &from, const FallbackEnd &to,
                       const ChatRequest &request)
{
    const auto lost = [](bool had, bool has, bool used) { return used && had && !has; };
    if (lost(takesImages(from), takesImages(to), hasFile(request, isImage)))
        decision.reasons += Reason::LosesImages;
    if (lost(takesDocuments(from), takesDocuments(to), hasFile(request, isDocument)))
        decision.reasons += Reason::LosesDocuments;
    if (lost(takesTools(from), takesTools(to), !request.tools.isEmpty()))
        decision.reasons += Reason::LosesTools;
    if (lost(from.provider.structuredOutput, to.provider.structuredOutput,
             !request.options.jsonSchema.isEmpty()))
        decision.reasons += Reason::LosesSchema;
}

QString regionIn(const QString &text)
{
    // AWS and Google: a part of the world, a direction, a number; others: the part alone.
    static const QRegularExpression name(
        QStringLiteral("(^|[./-])((?:us|eu|ap|apac|ca|sa|me|af|il|uk|asia|europe|northamerica|"
                       "southamerica|australia)(?:-[a-z]+)*-?[0-9]|us|eu|apac|jp|au)(?=[./-]|$)"));
    const auto match = name.match(text);
    return match.hasMatch() ? match.captured(2) : QString();
}

} // namespace

bool takesImages(const FallbackEnd &end)
{
    return end.provider.images && end.model.images.value_or(true);
}

bool takesDocuments(const FallbackEnd &end)
{
    return end.provider.documents && end.model.documents.value_or(true);
}

bool takesTools(const FallbackEnd &end)
{
    return end.provider.tools && end.model.tools.value_or(true);
}

QString regionOf(const Target &target, const ProviderInfo &provider)
{
    const QUrl root = target.baseUrl.isEmpty() ? provider.baseUrl : target.baseUrl;
    if (const QString region = regionIn(root.host()); !region.isEmpty()) {
        // Bedrock's inference profiles spread over a part of the world: "eu.anthropic.claude-...".
        const QString spread = target.model.section(QLatin1Char('.'), 0, 0);
        return spread == QStringLiteral("global") ? spread : region;
    }
    return {};
}

std::optional<QString> otherRegion(const FallbackEnd &from, const FallbackEnd &to)
{
    // Who never chose a region has none to lose.
    const QString before = regionOf(from.target, from.provider);
    const QString after = regionOf(to.target, to.provider);
    if (before.isEmpty() || before == after || to.provider.local)
        return std::nullopt;
    return after;
}

Decision fallbackTerms(const FallbackEnd &from, const FallbackEnd &to, const ChatRequest &request,
                       const AttemptCost &costs, UtcTime now)
{
    Decision decision;
    decision.target = to.target;
    decision.instead = from.target;
    checkPrice(decision, from, to, costs, now);
    if (const auto region = otherRegion(from, to)) {
        decision.reasons += Reason::OtherRegion;
        decision.region = *region;
    }
    checkCapabilities(decision, from, to, request);
    return decision;
}

} // namespace core
