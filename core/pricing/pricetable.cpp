#include "core/pricing/pricetable.h"

#include <algorithm>

namespace core {

namespace {

//! Cuts \p decorations off the front of \p name, each once, and returns them.
QStringList takeDecorations(const QStringList &decorations, QString &name)
{
    QStringList taken;
    const auto leads = [&](const QString &decoration) {
        return !decoration.isEmpty() && !taken.contains(decoration) && name.startsWith(decoration);
    };
    for (;;) {
        const auto next = std::find_if(decorations.cbegin(), decorations.cend(), leads);
        if (next == decorations.cend())
            return taken;
        // An ARN names a region, an account and a kind before the model.
        const bool isArn = next->startsWith(QLatin1StringView("arn:"));
        name.remove(0, isArn ? name.lastIndexOf(QLatin1Char('/')) + 1 : next->size());
        taken.append(*next);
    }
}

//! Places end in a dot ("us.", "global."); folders and ARNs do not.
bool isPlace(const QString &decoration)
{
    return decoration.endsWith(QLatin1Char('.'));
}

QString regionClassOf(const QStringList &taken)
{
    const auto place = std::find_if(taken.cbegin(), taken.cend(), isPlace);
    if (place == taken.cend())
        return {};
    return *place == QLatin1StringView("global.") ? QStringLiteral("global")
                                                  : QStringLiteral("regional");
}

} // namespace

PriceTable::Hit PriceTable::Provider::match(const QString &model) const
{
    QString name = model.toLower();
    QStringList taken = takeDecorations(strip, name);
    const Model *known = byRule(name);
    if (known)
        taken += takeDecorations(known->strip, name);
    for (auto one = models.cbegin(); !known && one != models.cend(); ++one) {
        QString bare = name;
        const QStringList decorations = takeDecorations(one->strip, bare);
        if (decorations.isEmpty() || byRule(bare) != &*one)
            continue;
        known = &*one;
        taken += decorations;
    }
    if (!known)
        return {};
    const bool tellsPlace = std::any_of(strip.cbegin(), strip.cend(), isPlace) ||
                            std::any_of(known->strip.cbegin(), known->strip.cend(), isPlace);
    return {known, tellsPlace ? std::optional(regionClassOf(taken)) : std::nullopt};
}

const PriceTable::Model &PriceTable::Provider::standsFor(const Model &known, UtcTime at) const
{
    for (const Alias &alias : known.movingAlias) {
        if ((alias.from && at < *alias.from) || (alias.to && at >= *alias.to))
            continue;
        const auto byId = std::find_if(models.cbegin(), models.cend(), [&](const Model &one) {
            return one.id.compare(alias.model, Qt::CaseInsensitive) == 0;
        });
        if (byId != models.cend())
            return *byId;
    }
    return known;
}

const PriceTable::Model *PriceTable::Provider::byRule(const QString &name) const
{
    if (const auto hit = exact.constFind(name); hit != exact.cend())
        return &models.at(*hit);
    for (const qsizetype length : prefixLengths) {
        if (length > name.size())
            continue;
        if (const auto hit = prefixes.constFind(name.first(length)); hit != prefixes.cend())
            return &models.at(*hit);
    }
    for (const Text &suffix : suffixes) {
        if (name.endsWith(suffix.text))
            return &models.at(suffix.model);
    }
    for (const Other &other : others) {
        const bool hits = other.contained.isEmpty() ? other.expression.match(name).hasMatch()
                                                    : name.contains(other.contained);
        if (hits)
            return &models.at(other.model);
    }
    return nullptr;
}

PriceTable::Place PriceTable::placeOf(const QString &configured, const QString &host) const
{
    const auto own = providers.constFind(configured);
    if (host.isEmpty())
        return {configured, {}};
    Place place{own == providers.cend() || own->hosts.isEmpty() ? configured : QString(), {}};
    qsizetype longest = 0; // the longest pattern is the one that says most
    for (const Provider &provider : providers) {
        for (const Host &known : provider.hosts) {
            // Most are told apart by their end: an expression is slow beside that.
            const qsizetype star = known.pattern.lastIndexOf(QLatin1Char('*'));
            if (!host.endsWith(QStringView(known.pattern).sliced(star + 1)))
                continue;
            const qsizetype length = known.pattern.size();
            const bool isFirst = provider.id == configured ||
                                 (place.provider != configured && provider.id < place.provider);
            if (length < longest || (length == longest && !isFirst))
                continue;
            const auto match = known.expression.match(host);
            if (!match.hasMatch())
                continue;
            longest = length;
            place.provider = provider.id;
            if (known.tellsRegion)
                place.region = match.captured(match.lastCapturedIndex());
            else if (known.pattern.contains(QLatin1Char('*')))
                place.region.reset(); // a resource's name
            else
                place.region = QString();
        }
    }
    return place;
}

} // namespace core
