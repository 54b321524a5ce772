#include "core/client/overlapfilter.h"

#include <algorithm>
#include <utility>

namespace core {

namespace {

constexpr qsizetype ShortestPrefilled = 24;
constexpr qsizetype ShortestAsked = 8;
constexpr qsizetype ShortestWord = 3;

bool isOfWord(QChar character)
{
    return character.isLetterOrNumber();
}

} // namespace

OverlapFilter::OverlapFilter(const QString &soFar, Kind kind)
    : m_tail(soFar.right(Longest + 1)) // one more: whether a word begins there
    , m_kind(kind)
{
}

QString OverlapFilter::take(const QString &piece)
{
    if (m_isDone)
        return piece;
    m_held += piece;
    return mayGrow() ? QString() : withoutRepetition();
}

QString OverlapFilter::finish()
{
    return m_isDone ? QString() : withoutRepetition();
}

//! Whether some longer end of the text begins with all that has come.
bool OverlapFilter::mayGrow() const
{
    for (qsizetype length = m_held.size() + 1; length <= std::min(m_tail.size(), Longest);
         ++length) {
        if (QStringView(m_tail).last(length).startsWith(m_held))
            return true;
    }
    return false;
}

bool OverlapFilter::isRepetition(qsizetype length) const
{
    const QStringView end = QStringView(m_tail).last(length);
    if (end.trimmed().isEmpty())
        return true;
    if (m_kind == Kind::Prefilled)
        return length >= ShortestPrefilled;
    const bool isWordAnew =
        length >= ShortestWord && std::all_of(end.begin(), end.end(), isOfWord) &&
        (length == m_tail.size() || !isOfWord(m_tail.at(m_tail.size() - length - 1)));
    return length >= ShortestAsked || isWordAnew;
}

QString OverlapFilter::withoutRepetition()
{
    m_isDone = true;
    const QString text = std::exchange(m_held, {});
    for (qsizetype length = std::min({text.size(), m_tail.size(), Longest}); length > 0; --length) {
        if (text.startsWith(QStringView(m_tail).last(length)) && isRepetition(length))
            return text.sliced(length);
    }
    return text;
}

} // namespace core
