// What is sought in the transcript. Most of a long chat was never read, and reading it all takes
// longer than a frame: it is looked through in slices, from its beginning.
#include "ui/transcript/transcriptview.h"

#include <algorithm>

namespace ui {

namespace {

constexpr int SliceMilliseconds = 6; //!< Of a frame's 16.

bool isBefore(const TextRange &match, const TextPosition &at)
{
    return match.start < at;
}

} // namespace

void TranscriptView::setFindText(const QString &text)
{
    flush();
    m_findText = text;
    m_matches.clear();
    m_match = -1;
    m_shownMatch.reset();
    m_showsFirst = true;
    m_toldMatches.reset();
    m_unsought = {0, 0, 0};
    if (text.isEmpty()) {
        m_seekTimer.stop();
        viewport()->update();
        return tellMatches();
    }
    seek();
}

//! From \p from on the text is another one: the hit that is shown stays, if it is still there.
void TranscriptView::seekAgain(TextPosition from)
{
    if (m_findText.isEmpty())
        return;
    if (from < m_unsought) {
        m_matches.erase(std::lower_bound(m_matches.cbegin(), m_matches.cend(), from, isBefore),
                        m_matches.cend());
        m_unsought = from;
        placeShownMatch(false);
    }
    if (!m_seekTimer.isActive())
        seek();
}

void TranscriptView::seek()
{
    bool moved = false;
    QElapsedTimer slice;
    slice.start();
    while (m_unsought.message < messageCount() && slice.elapsed() < SliceMilliseconds)
        moved = seekInMessage() || moved;
    const bool isDone = m_unsought.message >= messageCount();
    if (isDone)
        m_seekTimer.stop();
    else
        m_seekTimer.start();
    if (m_showsFirst && !m_matches.isEmpty() &&
        (isDone || m_matches.constLast().start.message >= m_anchor.message)) {
        const auto first = std::lower_bound(m_matches.cbegin(), m_matches.cend(),
                                            TextPosition{m_anchor.message, 0, 0}, isBefore);
        m_showsFirst = false;
        return showMatch(int(std::min(first, m_matches.cend() - 1) - m_matches.cbegin()));
    }
    m_showsFirst = m_showsFirst && !isDone; // a hit that comes later moves nobody
    placeShownMatch(isDone);
    if (moved)
        relayout();
    else
        viewport()->update();
    tellMatches();
}

void TranscriptView::tellMatches()
{
    const std::pair now(m_match + 1, int(m_matches.size()));
    if (m_toldMatches == now)
        return;
    m_toldMatches = now;
    Q_EMIT findChanged(now.first, now.second);
}

//! True: it was read for the first time, and its height is known better now.
bool TranscriptView::seekInMessage()
{
    const int message = m_unsought.message;
    MessageItem &each = *m_items[std::size_t(message)];
    const int height = each.height();
    each.parse();
    refreshHeight(message);
    for (int block = m_unsought.block; block < each.blocks().size(); ++block) {
        const QString &text = each.blocks()[block].body.text;
        for (qsizetype at = text.indexOf(m_findText, 0, Qt::CaseInsensitive); at >= 0;
             at = text.indexOf(m_findText, at + m_findText.size(), Qt::CaseInsensitive))
            m_matches.append({{message, block, int(at)}, int(m_findText.size())});
    }
    m_unsought = {message + 1, 0, 0};
    return each.height() != height;
}

void TranscriptView::placeShownMatch(bool isDone)
{
    m_match = -1;
    if (!m_shownMatch)
        return;
    const auto same =
        std::lower_bound(m_matches.cbegin(), m_matches.cend(), *m_shownMatch, isBefore);
    if (same != m_matches.cend() && same->start == *m_shownMatch)
        m_match = int(same - m_matches.cbegin());
    else if (isDone)
        m_shownMatch.reset();
}

//! Those inside one block.
std::pair<int, int> TranscriptView::matchesIn(int message, int block) const
{
    const auto first = std::lower_bound(m_matches.cbegin(), m_matches.cend(),
                                        TextPosition{message, block, 0}, isBefore);
    const auto end =
        std::lower_bound(first, m_matches.cend(), TextPosition{message, block + 1, 0}, isBefore);
    return {int(first - m_matches.cbegin()), int(end - m_matches.cbegin())};
}

void TranscriptView::showMatch(int index)
{
    m_match = index;
    const TextPosition at = m_matches[index].start;
    m_shownMatch = at;
    MessageItem &each = *m_items[std::size_t(at.message)];
    const int part = each.partOfBlock(at.block);
    each.measure(part);
    refreshHeight(at.message);
    setFollowing(false);
    const BlockLayout *layout = each.layout(part);
    const int inside = layout ? int(layout->caretRect(at.offset).top()) : 0;
    const QRect rect = partRect(at.message, part).translated(0, inside);
    if (rect.top() < 0 || rect.top() > viewport()->height() - 60) {
        m_anchor = {at.message, part, inside};
        moveBy(-viewport()->height() / 3);
    }
    relayout();
    tellMatches();
}

void TranscriptView::findNext()
{
    if (!m_matches.isEmpty())
        showMatch((m_match + 1) % int(m_matches.size()));
}

void TranscriptView::findPrevious()
{
    if (!m_matches.isEmpty())
        showMatch((std::max(0, m_match) - 1 + int(m_matches.size())) % int(m_matches.size()));
}

} // namespace ui
