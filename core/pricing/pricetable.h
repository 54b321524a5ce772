#pragma once

#include "core/pricing/ratecard.h"

#include <QHash>
#include <QRegularExpression>
#include <QStringList>

#include <memory>

namespace core {

//! A catalogue file as loaded, indexed for lookups.
struct PriceTable
{
    struct Model
    {
        QString id;
        QString name; //!< For people; empty if the source has none.
        std::optional<std::int64_t> contextLimit;
        QList<std::shared_ptr<const RateCard>> cards; //!< Ascending in time.
    };
    struct Text
    {
        QString text;
        qsizetype model = 0;
    };
    struct Other //!< Asked in the order of the file.
    {
        QString contained; //!< Else the expression.
        QRegularExpression expression;
        qsizetype model = 0;
    };
    struct Provider
    {
        QString id;
        QStringList follows;
        QStringList strip;
        QList<Model> models;
        QHash<QString, qsizetype> exact;
        QHash<QString, qsizetype> prefixes;
        QList<qsizetype> prefixLengths; //!< Distinct, longest first.
        QList<Text> suffixes;           //!< Longest first.
        QList<Other> others;

        [[nodiscard]] const Model *find(const QString &model) const;
    };
    QString version;
    std::optional<UtcTime> checkedOn;
    QHash<QString, Provider> providers;
};

} // namespace core
