#include "ui/settings/healthtexts.h"

#include "core/base/errortext.h"
#include "ui/widgets/figures.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace ui {

namespace {

using Verdict = core::HealthVerdict;

QString translated(const char *text)
{
    return QCoreApplication::translate("ui::ProviderHealth", text);
}

} // namespace

HealthWord healthWord(Verdict verdict)
{
    switch (verdict) {
    case Verdict::NotUsed:
        return {Tone::Neutral, translated("Not used yet")};
    case Verdict::Idle:
        return {Tone::Neutral, translated("Not used today")};
    case Verdict::Healthy:
        return {Tone::Good, translated("Healthy")};
    case Verdict::Recovering:
        return {Tone::Warning, translated("Recovering")};
    case Verdict::Unsteady:
        return {Tone::Warning, translated("Unsteady")};
    case Verdict::Failing:
        return {Tone::Error, translated("Failing")};
    }
    return {};
}

HealthWord healthHead(const core::HealthReport &report)
{
    HealthWord word = healthWord(report.verdict());
    if (const auto slow = report.day.firstToken.percentile(0.95))
        word.text = translated("%1 \u00b7 p95 %2 today").arg(word.text, durationText(*slow));
    return word;
}

QString lastFailureText(const core::HealthReport &report, const QTimeZone &zone)
{
    const Verdict verdict = report.verdict();
    const bool fails = verdict == Verdict::Failing || verdict == Verdict::Unsteady ||
                       verdict == Verdict::Recovering;
    if (!fails || !report.lastFailure)
        return {};
    const QDateTime at =
        QDateTime::fromMSecsSinceEpoch(report.lastFailure->at.time_since_epoch().count(), zone);
    const QString time = QLocale().toString(at.time(), QStringLiteral("HH:mm"));
    const int status = report.lastFailure->error.httpStatus;
    return status >= 400 ? translated("%1 at %2").arg(status).arg(time)
                         : translated("failed at %1").arg(time);
}

QString textOnPage(core::Error error, const QString &name)
{
    if (!error.provider.isEmpty() && !name.isEmpty())
        error.provider = name;
    if (error.kind == core::ErrorKind::AuthenticationFailed)
        return translated("%1 refused the key. Replace it with a valid one.").arg(error.provider);
    if (error.kind == core::ErrorKind::KeyMissing && error.detail.isEmpty())
        return translated("No key for %1 is stored. Add one first.").arg(error.provider);
    return core::userText(error);
}

} // namespace ui
