#pragma once

#include "core/base/result.h"
#include "core/pricing/pricetable.h"
#include "core/pricing/ratecardreader.h"

namespace core {

//! Reads a catalogue file row by row and stops at the first row that is wrong. Use once.
class PriceReader final : private RateCardReader
{
public:
    [[nodiscard]] Result<std::shared_ptr<const PriceTable>> read(const QByteArray &json);

private:
    bool readProvider(const QJsonObject &row);
    bool readHosts(const QJsonValue &value, PriceTable::Provider &provider);
    bool readModel(const QJsonObject &row, PriceTable::Provider &provider);
    bool readFacts(const QJsonObject &row, PriceTable::Model &model);
    bool readAlias(const QJsonValue &value, PriceTable::Model &model);
    bool readRule(const QJsonObject &rule, qsizetype model, PriceTable::Provider &provider);
    bool readText(const QString &kind, const QString &text, qsizetype model,
                  PriceTable::Provider &provider);
    bool checkSpans(QList<std::shared_ptr<const RateCard>> &cards);

    std::shared_ptr<PriceTable> m_table = std::make_shared<PriceTable>();
    QSet<QString> m_modelIds; //!< "provider/model".
};

} // namespace core
