#include "core/providers/hostedcalls.h"

namespace core {

namespace {

constexpr qsizetype MostPieces = 10'000; // of a kind, in one answer: a bound for what is kept
constexpr qsizetype LongestName = 200;

//! Opening and looking through a page that a search found is part of the search.
bool isSearch(const JsonElement &item)
{
    const auto action = member(item, "action");
    const QString type =
        action ? textMember(*action, "type").value_or(QString()) : QStringLiteral("search");
    return type.isEmpty() || type == QStringLiteral("search");
}

} // namespace

std::optional<FeeUnit> HostedCalls::unitOf(const JsonElement &item)
{
    const QString type = textMember(item, "type").value_or(QString());
    if (type == QStringLiteral("web_search_call"))
        return isSearch(item) ? std::optional(FeeUnit::WebSearch) : std::nullopt;
    if (type == QStringLiteral("file_search_call"))
        return FeeUnit::FileSearch;
    if (type == QStringLiteral("code_interpreter_call"))
        return FeeUnit::CodeSession;
    if (type == QStringLiteral("image_generation_call"))
        return FeeUnit::Image;
    return std::nullopt;
}

bool HostedCalls::take(const JsonElement &item, const QString &place)
{
    const auto unit = unitOf(item);
    if (!unit || textMember(item, "status") == QStringLiteral("failed"))
        return false;
    // Several runs in one container are one session.
    const auto name = textMember(item, *unit == FeeUnit::CodeSession ? "container_id" : "id");
    QSet<QString> &pieces = m_pieces[*unit];
    const qsizetype before = pieces.size();
    if (before < MostPieces)
        pieces.insert(name && !name->isEmpty() ? name->left(LongestName) : place);
    return pieces.size() > before;
}

QMap<FeeUnit, std::int64_t> HostedCalls::fees() const
{
    QMap<FeeUnit, std::int64_t> fees;
    for (auto it = m_pieces.constBegin(); it != m_pieces.constEnd(); ++it)
        fees.insert(it.key(), it->size());
    return fees;
}

QMap<FeeUnit, std::int64_t> HostedCalls::feesOf(const JsonElement &response) const
{
    QMap<FeeUnit, std::int64_t> all = fees();
    const auto counts = member(response, "tool_usage");
    if (!counts)
        return all;
    if (const auto web = member(*counts, "web_search")) {
        const auto searches = countMember(*web, "num_requests");
        if (searches && *searches > 0)
            all.insert(FeeUnit::WebSearch, *searches);
        else if (searches)
            all.remove(FeeUnit::WebSearch);
    }
    if (const auto pictures = member(*counts, "image_gen");
        pictures && countMember(*pictures, "output_tokens").value_or(0) > 0 &&
        !all.contains(FeeUnit::Image))
        all.insert(FeeUnit::Image, 1); // at least
    return all;
}

} // namespace core
