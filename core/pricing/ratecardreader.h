#pragma once

#include "core/pricing/ratecard.h"
#include "core/pricing/rowreader.h"

#include <QSet>

namespace core {

//! Reads the rate cards of a catalogue file.
class RateCardReader : protected RowReader
{
protected:
    bool readCard(const QJsonObject &row, RateCard &card);

private:
    bool readRates(const QJsonValue &value, TokenRates &rates);
    bool readContextTiers(const QJsonValue &value, QList<ContextTier> &tiers);
    bool readServiceTiers(const QJsonValue &value, QMap<QString, ServiceTier> &tiers);
    bool readModifiers(const QJsonValue &value, QList<PriceModifier> &modifiers);
    bool readConditions(const QJsonValue &value, const char *of, QMap<QString, QString> &when);
    bool readKinds(const QJsonValue &value, PriceModifier &modifier);
    bool readSchedules(const QJsonValue &value, QList<PriceSchedule> &schedules);
    bool readFees(const QJsonValue &value, QList<PriceFee> &fees);
    bool readMultiplier(const QJsonValue &value, Multiplier &multiplier);

    QSet<QString> m_cardIds;
};

} // namespace core
