#include "ui/conversation/answertexts.h"

#include "core/base/errortext.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace ui {

namespace {

using Bound = core::AnswerFigures::Bound;

//! Up to here a wait is a moment, and made by itself (RetryOptions::longestHint).
constexpr std::chrono::milliseconds LongPause = std::chrono::minutes(2);

QString translated(const char *text)
{
    return QCoreApplication::translate("ui::AnswerTexts", text);
}

bool needsKey(core::ErrorKind kind)
{
    return kind == core::ErrorKind::KeyMissing || kind == core::ErrorKind::KeyUnavailable ||
           kind == core::ErrorKind::AuthenticationFailed;
}

//! What the folded part of a card tells: everything a support ticket asks for.
QString cardDetail(const core::Error &error, const core::Target &target)
{
    QStringList lines;
    const auto add = [&lines](const char *label, const QString &value) {
        if (!value.isEmpty())
            lines.append(translated(label) + QStringLiteral(": ") + value);
    };
    add("Provider", target.provider);
    add("Model", target.model);
    add("Status", error.httpStatus ? QString::number(error.httpStatus) : QString());
    add("Code", error.providerCode.isEmpty() ? core::errorCode(error.kind) : error.providerCode);
    add("Request", error.requestId);
    if (!error.detail.isEmpty())
        lines.append(error.detail);
    add("The server says", error.rawBody);
    return lines.join(QLatin1Char('\n'));
}

MoneyMark markOf(const core::AnswerFigures &figures)
{
    return figures.simulated ? MoneyMark::Simulated
           : figures.local   ? MoneyMark::Local
                             : MoneyMark::None;
}

} // namespace

QString boundedText(const QString &figure, Bound bound)
{
    switch (bound) {
    case Bound::Told:
        return figure;
    case Bound::AtLeast:
        return QStringLiteral("\u2265 ") + figure;
    case Bound::About:
        return QStringLiteral("\u2248 ") + figure;
    }
    Q_UNREACHABLE();
}

QString answerCost(const core::AnswerFigures &figures, MoneyMark mark)
{
    const QString cost = costText(figures.cost, Decimals::Figures, mark);
    // "<$0.0001" is near enough already; what is a lower bound says so.
    const bool isNear = figures.bound == Bound::About && figures.cost.complete &&
                        mark != MoneyMark::Local && !cost.startsWith(QLatin1Char('<'));
    return isNear ? boundedText(cost, Bound::About) : cost;
}

QString soFarText(const core::AnswerFigures &figures)
{
    QStringList taken;
    if (figures.inputTokens)
        taken.append(translated("%1 in").arg(countText(*figures.inputTokens)));
    if (figures.outputTokens)
        taken.append(translated("%1 out").arg(countText(*figures.outputTokens)));
    const MoneyMark mark = markOf(figures);
    const bool isCounted = !taken.isEmpty() || figures.cost.low > core::PicoUsd();
    if (isCounted && mark != MoneyMark::Local)
        taken.append(costText(figures.cost, Decimals::Figures, mark));
    if (taken.isEmpty())
        return {};
    const QString soFar = translated("%1 so far").arg(taken.join(QStringLiteral(" \u00B7 ")));
    return figures.bound == Bound::About ? boundedText(soFar, Bound::About) : soFar;
}

QList<FooterSegment> answerFooter(const core::AnswerFigures &figures, bool running)
{
    QList<FooterSegment> footer;
    const Bound bound = figures.bound;
    if (figures.inputTokens && !running)
        footer.append({boundedText(translated("%1 in").arg(countText(*figures.inputTokens)), bound),
                       DropOrder::Tokens, FooterTone::Plain});
    if (figures.outputTokens && !running)
        footer.append(
            {boundedText(translated("%1 out").arg(countText(*figures.outputTokens)), bound),
             DropOrder::Tokens, FooterTone::Plain});
    const MoneyMark mark = markOf(figures);
    if (figures.cached) {
        footer.append({translated("from the cache, $0"), DropOrder::Kept, FooterTone::Good});
        if (figures.saved)
            footer.append(
                {translated("saved %1")
                     .arg(costText(core::Cost{*figures.saved, *figures.saved, true},
                                   Decimals::Figures,
                                   figures.simulated ? MoneyMark::Simulated : MoneyMark::None)),
                 DropOrder::Kept, FooterTone::Plain});
        return footer;
    }
    // While it runs there may be nothing to say yet; at its end an unknown cost is told as such.
    const bool counted = figures.cost.low > core::PicoUsd();
    if (figures.attempts > 0 && (!running || (counted && figures.cap))) {
        const QString cost = answerCost(figures, mark);
        footer.append({figures.cap
                           ? (counted ? translated("%1 of %2") : translated("%1, at most %2"))
                                 .arg(cost, moneyText(*figures.cap, Decimals::Figures))
                           : cost,
                       DropOrder::Kept, FooterTone::Strong});
    }
    if (figures.firstToken)
        footer.append({translated("first token %1").arg(durationText(*figures.firstToken)),
                       DropOrder::FirstToken, FooterTone::Plain});
    if (figures.tokensPerSecond && !running)
        footer.append({boundedText(speedText(*figures.tokensPerSecond), bound),
                       DropOrder::TokenRate, FooterTone::Plain});
    if (figures.attempts > 1)
        footer.append({translated("%1 attempts").arg(figures.attempts), DropOrder::Kept,
                       FooterTone::Warning, AttemptsAction});
    return footer;
}

QString reasoningText(const core::AnswerFigures &figures, bool thinks)
{
    QString tokens; // none told where some were read is a service that does not count them
    if (figures.reasoningTokens.value_or(0) > 0)
        tokens = translated("%1 tokens")
                     .arg(boundedText(countText(*figures.reasoningTokens), figures.bound));
    if (!figures.thinking)
        return tokens.isEmpty() ? QString() : translated("Reasoning, %1").arg(tokens);
    const QString said = (thinks ? translated("Reasoning for %1") : translated("Reasoned for %1"))
                             .arg(durationText(*figures.thinking));
    return tokens.isEmpty() ? said : QStringLiteral("%1, %2").arg(said, tokens);
}

QString answeredBy(const QString &name, const QList<std::pair<QString, QString>> &failedBefore)
{
    QStringList before;
    for (const auto &[failed, reasons] : failedBefore)
        before.append(failed == name ? reasons : QStringLiteral("%1 (%2)").arg(failed, reasons));
    if (before.isEmpty())
        return name;
    return translated("%1, after %2").arg(name, before.join(QStringLiteral(", ")));
}

std::optional<ErrorCard> errorCard(const core::MessageRecord &message, const core::Error &named,
                                   bool canContinue)
{
    if (!message.error || message.kept || message.state == core::MessageState::Cancelled ||
        message.state == core::MessageState::Complete)
        return std::nullopt;
    const core::Error &error = *message.error;
    ErrorCard card;
    card.sentence = core::userText(named);
    card.detail = cardDetail(error, message.target);
    if (canContinue)
        card.actions.append({QStringLiteral("continue"), translated("Continue")});
    if (error.kind == core::ErrorKind::ContextLengthExceeded)
        card.actions.append({FitAction, translated("Make it fit")});
    else
        card.actions.append({QStringLiteral("retry"), translated("Retry")});
    card.actions.append({QStringLiteral("model"), translated("Other model")});
    if (needsKey(error.kind))
        card.actions.append({QStringLiteral("keys"), translated("Open key settings")});
    if (message.state == core::MessageState::Incomplete)
        card.actions.append({QStringLiteral("keep"), translated("Keep")});
    return card;
}

std::optional<core::UtcTime> possibleAgain(const core::MessageRecord &message,
                                           const std::optional<std::chrono::milliseconds> &lasted)
{
    // One that was continued was begun long before the request that was refused.
    if (!message.error || !lasted || !message.pieces.isEmpty() ||
        message.error->retryAfter.value_or(LongPause) <= LongPause)
        return std::nullopt;
    return message.createdAt + *lasted + *message.error->retryAfter;
}

QString possibleAgainText(const QDateTime &at, const QDateTime &now)
{
    constexpr int ToTheNextMinute =
        59; // seconds: the minute that is named must have begun after it
    const QDateTime minute = at.addSecs(ToTheNextMinute);
    const QLocale locale;
    const QString time = locale.toString(minute.time(), QStringLiteral("HH:mm"));
    const qint64 days = now.date().daysTo(minute.date());
    if (days <= 0)
        return translated("Possible again at %1.").arg(time);
    if (days == 1)
        return translated("Possible again tomorrow at %1.").arg(time);
    return translated("Possible again on %1 at %2.")
        .arg(locale.toString(minute.date(), QStringLiteral("d MMM")), time);
}

void addPossibleAgain(ErrorCard &card, core::ErrorKind kind, const QString &when)
{
    const bool advisesToWait =
        kind == core::ErrorKind::RateLimited || kind == core::ErrorKind::Overloaded;
    const qsizetype end = card.sentence.lastIndexOf(QStringLiteral(". "));
    if (advisesToWait && end >= 0)
        card.sentence.truncate(end + 1);
    card.sentence += QLatin1Char(' ') + when;
}

MessageState shownState(core::MessageState state)
{
    switch (state) {
    case core::MessageState::Complete:
        return MessageState::Complete;
    case core::MessageState::Streaming:
        return MessageState::Streaming;
    case core::MessageState::Incomplete:
    case core::MessageState::Cancelled:
        return MessageState::Incomplete;
    case core::MessageState::Failed:
        return MessageState::Failed;
    }
    return MessageState::Incomplete;
}

} // namespace ui
