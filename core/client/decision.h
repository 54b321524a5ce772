#pragma once

#include "core/chat/target.h"

#include <QList>

#include <chrono>
#include <optional>

namespace core {

enum class Choice { No, Yes };

//! Something the engine does not do without being told to: answered by ChatReply::decide().
struct Decision
{
    enum class Reason {
        Dearer,       //!< More than twice the price of the first target.
        PriceUnknown, //!< While the first target's is known.
        OtherRegion,
        LosesImages,
        LosesDocuments,
        LosesTools,
        LosesSchema,
        StillLimited, //!< Its gate, also by the user's own limits, opens later than is waited
                      //!< unasked.
        Offline,      //!< There is no network: yes sends once there is, no cancels.
        OnlineAgain   //!< There was none at Send, and nobody has said a word: as Offline.
    };

    int id = 0; //!< Unique within its reply.
    QList<Reason> reasons;
    Target target;                                 //!< Who is asked if the answer is yes.
    Target instead;                                //!< Whom the user chose first.
    std::optional<double> priceRatio;              //!< Dearer: times the first one's price; none
                                                   //!< if that one costs nothing.
    QString region;                                //!< OtherRegion: where target is; may be empty.
    std::optional<std::chrono::milliseconds> wait; //!< StillLimited: until it opens.
    bool operator==(const Decision &) const = default;
};

//! Whether it is asked since there is, or was, no network.
[[nodiscard]] bool isAboutNetwork(const Decision &decision);
//! The question in words. The names are for people.
[[nodiscard]] QString questionText(const Decision &decision, const QString &target,
                                   const QString &instead);
//! A wait for people: "42 s", "3 min", "2 h".
[[nodiscard]] QString waitText(std::chrono::milliseconds wait);

} // namespace core
