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
    struct Alias
    {
        QString model;
        std::optional<UtcTime> from; //!< Inclusive.
        std::optional<UtcTime> to;   //!< Exclusive.
    };
    struct Model
    {
        QString id;
        QString name; //!< For people; empty if the source has none.
        std::optional<std::int64_t> contextLimit, outputLimit;
        bool chats = true;                //!< Else its kind is another (embedding, image, ...).
        std::optional<UtcTime> retiredOn; //!< Nobody can ask it from then on.
        QStringList strip;                //!< As of the provider, for this model alone.
        QList<Alias> movingAlias;         //!< What it stood for, and when.
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
    struct Hit
    {
        const Model *model = nullptr; //!< Null: nobody knows it.
        //! "regional" or "global", as the decorations say that were cut off; empty: none was; none:
        //! this provider's names do not tell.
        std::optional<QString> regionClass;
    };
    //! One of a provider's hosts: a name, or one with "*" where a label may be anything.
    struct Host
    {
        QString pattern; //!< In lower case.
        QRegularExpression expression;
        bool tellsRegion = false; //!< The text of its last star is a region.
    };
    //! Whose a host is, and where.
    struct Place
    {
        QString provider; //!< Empty: nobody's of whom this table has prices.
        //! Empty: the host that has no region; none: it does not tell.
        std::optional<QString> region;
    };
    struct Provider
    {
        QString id;
        QList<Host> hosts; //!< None: they are not told.
        QStringList follows;
        //! In lower case. One that begins with "arn:" is all up to the last slash.
        QStringList strip;
        QList<Model> models;
        QHash<QString, qsizetype> exact;
        QHash<QString, qsizetype> prefixes;
        QList<qsizetype> prefixLengths; //!< Distinct, longest first.
        QList<Text> suffixes;           //!< Longest first.
        QList<Other> others;

        //! What has no business in a model's name is cut off first (strip).
        [[nodiscard]] const Model *find(const QString &model) const { return match(model).model; }
        [[nodiscard]] Hit match(const QString &model) const;
        //! The model that \p known stood for at \p at; \p known itself if it is no alias then.
        [[nodiscard]] const Model &standsFor(const Model &known, UtcTime at) const;

    private:
        [[nodiscard]] const Model *byRule(const QString &name) const; //!< In lower case.
    };
    QString version;
    std::optional<UtcTime> checkedOn;
    QHash<QString, Provider> providers;

    //! Whose \p host is, where \p configured was meant to be asked. An unknown host is nobody's if
    //! the hosts of \p configured are known: what passes requests on has prices of its own.
    [[nodiscard]] Place placeOf(const QString &configured, const QString &host) const;
};

} // namespace core
