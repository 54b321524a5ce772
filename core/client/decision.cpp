#include "core/client/decision.h"

#include <QCoreApplication>
#include <QStringList>

namespace core {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("core::Decision", text);
}

QString reasonText(Decision::Reason reason, const Decision &decision, const QString &target,
                   const QString &instead)
{
    using Reason = Decision::Reason;
    switch (reason) {
    case Reason::Dearer:
        if (!decision.priceRatio)
            return translated("%1 costs money, %2 does not.").arg(target, instead);
        return translated("%1 costs about %2 times as much as %3.")
            .arg(target,
                 QString::number(*decision.priceRatio, 'f', *decision.priceRatio < 10.0 ? 1 : 0),
                 instead);
    case Reason::PriceUnknown:
        return translated("The price of %1 is not known.").arg(target);
    case Reason::OtherRegion:
        return decision.region.isEmpty()
                   ? translated("%1 may answer from another region.").arg(target)
                   : translated("%1 answers from another region: %2.").arg(target, decision.region);
    case Reason::LosesImages:
        return translated("%1 does not get the images.").arg(target);
    case Reason::LosesDocuments:
        return translated("%1 does not get the attached documents.").arg(target);
    case Reason::LosesTools:
        return translated("%1 does not get the tools.").arg(target);
    case Reason::LosesSchema:
        return translated("%1 does not get the schema for the answer.").arg(target);
    case Reason::StillLimited:
        return translated("%1 is at its rate limit for another %2.")
            .arg(target, waitText(decision.wait.value_or(std::chrono::milliseconds(0))));
    case Reason::Offline:
        return translated("You are offline: this was not sent.");
    case Reason::OnlineAgain:
        return translated("You are online again: this was not sent yet.");
    }
    Q_UNREACHABLE();
}

} // namespace

QString questionText(const Decision &decision, const QString &target, const QString &instead)
{
    QStringList sentences;
    for (const Decision::Reason reason : decision.reasons)
        sentences += reasonText(reason, decision, target, instead);
    if (!isAboutNetwork(decision)) // which asks when, not whether
        sentences += translated("Ask it all the same?");
    return sentences.join(QLatin1Char(' '));
}

bool isAboutNetwork(const Decision &decision)
{
    return decision.reasons.contains(Decision::Reason::Offline) ||
           decision.reasons.contains(Decision::Reason::OnlineAgain);
}

QString waitText(std::chrono::milliseconds wait)
{
    using namespace std::chrono;
    const auto seconds = ceil<std::chrono::seconds>(wait);
    if (seconds < 2min)
        return translated("%1 s").arg(seconds.count());
    if (seconds < 2h)
        return translated("%1 min").arg(ceil<minutes>(wait).count());
    return translated("%1 h").arg(ceil<hours>(wait).count());
}

} // namespace core
