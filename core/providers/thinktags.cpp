#include "core/providers/thinktags.h"

#include <algorithm>
#include <utility>

namespace core {

namespace {

constexpr QLatin1StringView Opening("<think>");
constexpr QLatin1StringView Closing("</think>");

qsizetype spacesBefore(const QString &text)
{
    const auto first =
        std::find_if_not(text.begin(), text.end(), [](QChar c) { return c.isSpace(); });
    return first - text.begin();
}

//! How many characters at the end of \p text may be the beginning of the closing tag.
qsizetype unfinishedTag(const QString &text)
{
    for (qsizetype size = std::min(text.size(), Closing.size() - 1); size > 0; --size) {
        if (text.endsWith(Closing.first(size)))
            return size;
    }
    return 0;
}

} // namespace

ThinkTags::Split ThinkTags::take(const QString &piece)
{
    switch (m_state) {
    case State::Answer:
        return {{}, piece};
    case State::Begin: {
        m_held += piece;
        const QString begun = m_held.mid(spacesBefore(m_held));
        if (begun.startsWith(Opening)) {
            m_held = begun.mid(Opening.size());
            m_state = State::Thinking;
            return takeThought();
        }
        if (QString(Opening).startsWith(begun))
            return {};
        m_state = State::Answer;
        return {{}, std::exchange(m_held, {})};
    }
    case State::Thinking:
        m_held += piece;
        return takeThought();
    case State::Gap: {
        const QString text = piece.mid(spacesBefore(piece));
        if (!text.isEmpty())
            m_state = State::Answer;
        return {{}, text};
    }
    }
    Q_UNREACHABLE();
}

ThinkTags::Split ThinkTags::takeThought()
{
    const qsizetype end = m_held.indexOf(Closing);
    if (end < 0) {
        const qsizetype sure = m_held.size() - unfinishedTag(m_held);
        const QString thought = m_held.first(sure);
        m_held.remove(0, sure);
        return {thought, {}};
    }
    const QString thought = m_held.first(end);
    const QString after = std::exchange(m_held, {}).mid(end + Closing.size());
    m_state = State::Gap;
    return {thought, take(after).text};
}

ThinkTags::Split ThinkTags::finish()
{
    const bool isThought = m_state == State::Thinking;
    m_state = State::Answer;
    const QString held = std::exchange(m_held, {});
    return isThought ? Split{held, {}} : Split{{}, held};
}

} // namespace core
