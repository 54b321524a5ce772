#pragma once

#include "core/base/result.h"
#include "core/pricing/pricetable.h"

#include <QJsonObject>
#include <QSet>

namespace core {

//! Reads a catalogue file row by row and stops at the first row that is wrong. Use once.
class PriceReader
{
public:
    [[nodiscard]] Result<std::shared_ptr<const PriceTable>> read(const QByteArray &json);

private:
    bool readProvider(const QJsonObject &row);
    bool readModel(const QJsonObject &row, PriceTable::Provider &provider);
    bool readRule(const QJsonObject &rule, qsizetype model, PriceTable::Provider &provider);
    bool readText(const QString &kind, const QString &text, qsizetype model,
                  PriceTable::Provider &provider);
    bool readCard(const QJsonObject &row, RateCard &card);
    bool readRates(const QJsonValue &value, TokenRates &rates);
    bool readContextTiers(const QJsonValue &value, QList<ContextTier> &tiers);
    bool readServiceTiers(const QJsonValue &value, QMap<QString, ServiceTier> &tiers);
    bool readModifiers(const QJsonValue &value, QList<PriceModifier> &modifiers);
    bool readSchedules(const QJsonValue &value, QList<PriceSchedule> &schedules);
    bool readFees(const QJsonValue &value, QList<PriceFee> &fees);
    bool readTime(const QJsonValue &value, std::optional<UtcTime> &time);
    bool readMultiplier(const QJsonValue &value, Multiplier &multiplier);
    bool checkSpans(QList<std::shared_ptr<const RateCard>> &cards);
    //! Calls \p item for each object of the list \p value; an absent list is empty.
    template <typename Function>
    bool forEach(const QJsonValue &value, const char *name, Function item);
    bool refuse(const QString &why); //!< Returns false.

    std::shared_ptr<PriceTable> m_table = std::make_shared<PriceTable>();
    QString m_row; //!< Where we are: "provider/model".
    QString m_fault;
    QSet<QString> m_modelIds; //!< "provider/model".
    QSet<QString> m_cardIds;
};

} // namespace core
