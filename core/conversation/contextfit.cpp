#include "core/conversation/contextfit.h"

#include "core/client/tokenestimate.h"

#include <QTextBoundaryFinder>

#include <algorithm>

namespace core {

namespace {

//! What an answer gets where nothing is said, at most a quarter of the window.
constexpr std::int64_t UsualAnswer = 4'096;

//! Between the bounds of a guess: only the shares of messages matter here.
std::int64_t weightOf(const Message &message)
{
    ChatRequest alone;
    alone.messages = {message};
    const TokenEstimate estimate = estimateInput(alone);
    return std::max<std::int64_t>(1, (estimate.low() + estimate.high()) / 2);
}

//! Behind the last of \p marks in \p piece, if that leaves at least a quarter of it; else 0.
qsizetype behindLast(QStringView piece, std::initializer_list<QStringView> marks)
{
    qsizetype best = 0;
    for (const QStringView mark : marks) {
        const qsizetype at = piece.lastIndexOf(mark);
        if (at >= 0)
            best = std::max(best, at + mark.size());
    }
    return best * 4 >= piece.size() ? best : 0;
}

qsizetype cutOf(QStringView rest, qsizetype characters)
{
    const QStringView piece = rest.left(characters);
    for (const auto &marks : {std::initializer_list<QStringView>{u"\n\n"},
                              {u"\n"},
                              {u". ", u"! ", u"? ", u"\u3002", u"\uFF01", u"\uFF1F"},
                              {u" "}}) {
        if (const qsizetype at = behindLast(piece, marks); at > 0)
            return at;
    }
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, rest.data(),
                               std::min(rest.size(), characters + 64));
    finder.setPosition(characters);
    if (finder.isAtBoundary())
        return characters;
    const qsizetype before = finder.toPreviousBoundary();
    return before > 0 ? before : characters; // a character longer than a part
}

} // namespace

std::int64_t ContextNeed::room(std::optional<int> maxOutput) const
{
    const std::int64_t kept = maxOutput ? *maxOutput : std::min(UsualAnswer, window / 4);
    return std::max<std::int64_t>(0, window - kept);
}

std::optional<qsizetype> messagesToDrop(const ChatRequest &request, std::int64_t prompt,
                                        std::int64_t room)
{
    if (request.messages.isEmpty())
        return std::nullopt;
    QList<std::int64_t> weights;
    std::int64_t total = 0;
    ChatRequest frame = request; // system prompt and tools stay whatever goes
    frame.messages.clear();
    const TokenEstimate fixed = estimateInput(frame);
    total = (fixed.low() + fixed.high()) / 2;
    for (const Message &message : request.messages) {
        weights.append(weightOf(message));
        total += weights.last();
    }
    const double scale = static_cast<double>(prompt) / static_cast<double>(total);
    double left = static_cast<double>(prompt);
    for (qsizetype dropped = 0; dropped < request.messages.size(); ++dropped) {
        if (left <= static_cast<double>(room) && request.messages.at(dropped).role == Role::User)
            return dropped;
        left -= static_cast<double>(weights.at(dropped)) * scale;
    }
    return std::nullopt;
}

QStringList splitText(const QString &text, qsizetype characters)
{
    QStringList parts;
    QStringView rest(text);
    characters = std::max<qsizetype>(1, characters);
    while (rest.size() > characters) {
        const qsizetype cut = cutOf(rest, characters);
        parts.append(rest.left(cut).toString());
        rest = rest.mid(cut);
    }
    if (!rest.isEmpty() || parts.isEmpty())
        parts.append(rest.toString());
    return parts;
}

} // namespace core
