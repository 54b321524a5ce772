#include "core/pricing/pricetable.h"

namespace core {

const PriceTable::Model *PriceTable::Provider::find(const QString &model) const
{
    QString name = model.toLower();
    for (const QString &decoration : strip) {
        if (name.startsWith(decoration)) {
            name.remove(0, decoration.size());
            break;
        }
    }
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

} // namespace core
