#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <algorithm>
#include <cstring>

namespace core {

//! One event of a stream. The views are valid during the call that hands them over.
struct SseFrame
{
    QByteArrayView event; //!< Empty: none was named.
    QByteArrayView data;  //!< Data lines joined with LF.
};

//! Incremental parser of text/event-stream (WHATWG HTML, "Interpreting an event stream").
//!
//! Feed it a response body in chunks of any size; a chunk may end inside a line, a CRLF pair or a
//! UTF-8 sequence. Lines that lie whole in a chunk are not copied. Unknown fields are skipped;
//! lines that are no field are kept in stray() (some services send raw JSON errors). Linear in the
//! bytes fed. Not thread-safe.
class SseParser
{
public:
    static constexpr qsizetype MostEventBytes = 16 * 1024 * 1024; //!< threats.md A12
    static constexpr qsizetype MostStrayBytes = 64 * 1024;

    //! Calls \p onFrame(const SseFrame &) for each frame that \p chunk completes. False: an event
    //! exceeds its cap; nothing more will come out.
    template <typename F>
    bool feed(QByteArrayView chunk, F &&onFrame);

    //! End of the body: hands over what is pending, as if a blank line had come (some servers leave
    //! it out).
    template <typename F>
    void finish(F &&onFrame);

    [[nodiscard]] QByteArrayView stray() const { return m_stray; }
    [[nodiscard]] bool sawComment() const { return m_sawComment; }

private:
    //! Takes one line without its end. \p lasting: it stands in m_line, else in the chunk at hand.
    //! True: a blank line, a frame is complete.
    bool takeLine(QByteArrayView line, bool lasting);
    void takeData(QByteArrayView value, bool lasting);
    void takeName(QByteArrayView name, bool lasting);
    void keepName();
    //! Copies what views of the pending event show of the chunk, which is about to go.
    void keepPending();
    [[nodiscard]] SseFrame pending() const
    {
        return {m_eventView, m_hasView ? m_dataView : QByteArrayView(m_data)};
    }
    void forgetPending()
    {
        if (!m_data.isEmpty())
            m_data.resize(0); // its memory is for the next
        m_eventView = {};
        m_hasData = false;
        m_hasView = false;
    }

    QByteArray m_line; //!< A line whose end has not come yet.
    QByteArray m_data; //!< Data of the pending event, where it had to be copied.
    QByteArray m_kept; //!< The line that m_dataView shows, if it did not lie whole in a chunk.
    QByteArrayView m_dataView;  //!< Else a view into the chunk at hand, or into m_kept.
    QByteArray m_event;         //!< As m_data.
    QByteArrayView m_eventView; //!< Into m_event or the chunk at hand.
    bool m_hasData = false;
    bool m_hasView = false;
    bool m_viewLasts = false;  //!< m_dataView shows m_kept.
    bool m_eventLasts = false; //!< m_eventView shows m_event.
    bool m_afterCr = false;    //!< The last byte was CR: an LF now belongs to it.
    bool m_atStart = true;     //!< A byte order mark may come.
    bool m_tooLong = false;
    bool m_sawComment = false;
    QByteArray m_stray;
};

template <typename F>
bool SseParser::feed(QByteArrayView chunk, F &&onFrame)
{
    const char *at = chunk.data();
    const char *const end = at + chunk.size();
    // The next LF and CR: each is looked for once, or a stream of the one would be read over and
    // over for the other.
    const char *lf = nullptr;
    const char *cr = nullptr;
    const auto next = [&](const char *known, char c) {
        if (known && known >= at)
            return known;
        const void *found = std::memchr(at, c, static_cast<size_t>(end - at));
        return found ? static_cast<const char *>(found) : end;
    };
    while (at < end && !m_tooLong) {
        if (m_afterCr) {
            m_afterCr = false;
            if (*at == '\n' && ++at == end)
                break;
        }
        lf = next(lf, '\n');
        cr = next(cr, '\r');
        const char *const stop = std::min(lf, cr);
        const QByteArrayView piece(at, stop);
        if (stop == end) {
            m_line.append(piece);
            m_tooLong = m_line.size() + pending().data.size() > MostEventBytes;
            break;
        }
        m_afterCr = *stop == '\r';
        at = stop + 1;
        bool complete = false;
        m_tooLong = m_line.size() + pending().data.size() + piece.size() > MostEventBytes;
        if (m_tooLong)
            break;
        if (m_line.isEmpty()) {
            complete = takeLine(piece, false);
        } else {
            m_line.append(piece);
            complete = takeLine(m_line, true);
            m_line.resize(0); // its memory is for the next
        }
        if (complete) {
            if (m_hasData)
                onFrame(pending());
            forgetPending();
        }
    }
    keepPending();
    return !m_tooLong;
}

template <typename F>
void SseParser::finish(F &&onFrame)
{
    if (m_tooLong)
        return;
    if (!m_line.isEmpty())
        takeLine(m_line, true);
    if (m_hasData)
        onFrame(pending());
    m_line.clear();
    forgetPending();
}

} // namespace core
