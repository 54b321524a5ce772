#pragma once

#include "core/net/bytebuffer.h"
#include "core/net/shortbytes.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace core {

//! One event of a stream. The views are valid during the call that hands them over.
struct SseFrame
{
    QByteArrayView event;     //!< Empty: none was named.
    QByteArrayView data;      //!< Data lines joined with LF.
    bool hasLastName = false; //!< True: named like the frame before. False: it may be, or not.
};

//! Incremental parser of text/event-stream (WHATWG HTML, "Interpreting an event stream").
//!
//! Feed it a response body in chunks of any size; a chunk may end inside a line, a CRLF pair or a
//! UTF-8 sequence. Lines that lie whole in a chunk are not copied. Lines that are no known field
//! are kept in stray() (some services send raw JSON errors), but for "error: …", which is none of
//! the standard's either: older llama.cpp says so what went wrong, and it is data of an event of
//! that name. Linear in the bytes fed. Not thread-safe.
class SseParser
{
public:
    static constexpr qsizetype MostEventBytes = 16 * 1024 * 1024; //!< An event is held whole.
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
    static constexpr QByteArrayView DataField{"data: ", 6};
    static constexpr QByteArrayView EventField{"event: ", 7};
    static constexpr QByteArrayView ErrorName{"error", 5};

    //! How far a chunk was read.
    class Reading
    {
    public:
        explicit Reading(QByteArrayView chunk)
            : at(chunk.data())
            , end(chunk.data() + chunk.size())
        {
        }
        [[nodiscard]] bool isAtEnd() const { return at == end; }
        //! The next LF or CR, else the chunk's end. Each of them is looked for once, or a stream of
        //! the one would be read over and over for the other.
        [[nodiscard]] const char *lineEnd()
        {
            m_lf = next(m_lf, '\n');
            m_cr = next(m_cr, '\r');
            return std::min(m_lf, m_cr);
        }
        //! The line at hand ends right before \p begin, by LF or CR LF.
        void lineEndsBefore(const char *begin)
        {
            m_lf = begin - 1;
            if (m_lf[-1] == '\r')
                m_cr = m_lf - 1;
        }

        const char *at;              //!< The first byte that was not read.
        const char *end;             //!< Of the chunk.
        const char *frame = nullptr; //!< Where the frame at hand begins; null: in an earlier chunk.

    private:
        [[nodiscard]] const char *next(const char *known, char c) const
        {
            if (known && known >= at)
                return known;
            const void *found = std::memchr(at, c, static_cast<size_t>(end - at));
            return found ? static_cast<const char *>(found) : end;
        }

        const char *m_lf = nullptr; //!< The last that was found; null: none was looked for.
        const char *m_cr = nullptr;
    };

    //! Where a line stands: in the chunk at hand, which stays as it is until feed() ends, or in
    //! memory of this object that is about to be used again.
    enum class Place { Chunk, Own };

    //! The data of a frame that was cut go on in this chunk.
    template <typename F>
    void continueCut(Reading &chunk, F &&onFrame);
    //! Takes a frame that begins like the last one, or its part in this chunk. False: it is none,
    //! and nothing was read.
    template <typename F>
    bool takeLikeLast(Reading &chunk, F &&onFrame);
    //! Takes one line, or its part in this chunk, and hands over the frame that it completes.
    template <typename F>
    void takeNextLine(Reading &chunk, F &&onFrame);
    //! Takes one line without its end. True: a blank line, a frame is complete.
    bool takeLine(QByteArrayView line, Place place);
    [[nodiscard]] static QByteArrayView viewOf(const std::vector<char> &bytes)
    {
        return {bytes.data(), static_cast<qsizetype>(bytes.size())};
    }
    static void append(std::vector<char> &bytes, QByteArrayView piece)
    {
        bytes.insert(bytes.end(), piece.begin(), piece.end());
    }
    void takeData(QByteArrayView value, Place place);
    void takeName(QByteArrayView name, Place place);
    void keepName();
    //! Copies what views of the pending event show of the chunk, which is about to go.
    void keepPending();
    //! Nothing of the next frame was seen.
    [[nodiscard]] bool isBetweenFrames() const
    {
        return m_line.empty() && !m_hasData && m_eventView.isEmpty();
    }
    [[nodiscard]] QByteArrayView headName() const
    {
        return m_headName > 0 ? viewOf(m_head).sliced(EventField.size(), m_headName)
                              : QByteArrayView();
    }
    //! \p begin: where the pending frame begins, if the chunk has it whole. False: it is not.
    bool learnHead(const char *begin);
    //! Where the data lie if a frame begins at \p at like the last one; else null.
    [[nodiscard]] const char *behindHead(const char *at, const char *end) const
    {
        const QByteArrayView head = viewOf(m_head);
        return !head.isEmpty() && end - at > head.size() && standsAt(at, end, head)
                   ? at + head.size()
                   : nullptr;
    }
    //! The bytes of the line end at \p stop and of the blank line behind it; 0: there is none.
    [[nodiscard]] static qsizetype frameEnd(const char *stop, const char *end)
    {
        if (end - stop >= 2 && stop[0] == '\n' && stop[1] == '\n')
            return 2;
        return end - stop >= 4 && std::memcmp(stop, "\r\n\r\n", 4) == 0 ? 4 : 0;
    }
    //! A line of data may be so long.
    [[nodiscard]] static bool isSmall(qsizetype data)
    {
        return DataField.size() + data <= MostEventBytes;
    }
    [[nodiscard]] QByteArrayView cutData() const
    {
        return m_cut.view().sliced(static_cast<qsizetype>(m_head.size()));
    }
    //! Turns to a frame's lines: it was cut, and has more of them than its head and one of data.
    void takeCut();
    [[nodiscard]] SseFrame pending() const
    {
        return {m_eventView, m_hasView ? m_dataView : viewOf(m_data), false};
    }
    void forgetPending()
    {
        m_data.clear(); // its memory is for the next
        m_eventView = {};
        m_hasData = false;
        m_hasView = false;
    }

    // Not QByteArray, whose append is several times dearer for small pieces (measured: a fifth of
    // the cost of slices of 300 bytes).
    std::vector<char> m_line;   //!< A line whose end has not come yet.
    std::vector<char> m_data;   //!< Data of the pending event, where it had to be copied.
    std::vector<char> m_kept;   //!< The line that m_dataView shows, if no chunk had it whole.
    QByteArrayView m_dataView;  //!< Else a view into the chunk at hand, or into m_kept.
    std::vector<char> m_event;  //!< As m_data.
    QByteArrayView m_eventView; //!< Into m_event or the chunk at hand.
    bool m_hasData = false;
    bool m_hasView = false;
    bool m_viewLasts = false;  //!< m_dataView shows m_kept.
    bool m_eventLasts = false; //!< m_eventView shows m_event.
    bool m_afterCr = false;    //!< The last byte was CR: an LF now belongs to it.
    bool m_atStart = true;     //!< A byte order mark may come.
    bool m_tooLong = false;
    bool m_sawComment = false;
    std::vector<char> m_head; //!< What stood before the data of the last frame that was read whole.
    qsizetype m_headName = 0; //!< Length of the event name in it; 0: "data: " alone.
    ByteBuffer m_cut;         //!< A frame that begins so, and whose data have not ended yet.
    bool m_lastHadHead = false; //!< The last frame was that one, or began like it.
    QByteArray m_stray;
};

template <typename F>
bool SseParser::feed(QByteArrayView chunk, F &&onFrame)
{
    Reading reading(chunk);
    if (!m_cut.isEmpty() && !reading.isAtEnd())
        continueCut(reading, onFrame);
    while (!reading.isAtEnd() && !m_tooLong) {
        if (std::exchange(m_afterCr, false) && *reading.at == '\n') {
            ++reading.at;
            continue;
        }
        if (isBetweenFrames()) {
            reading.frame = reading.at;
            if (takeLikeLast(reading, onFrame))
                continue;
        }
        takeNextLine(reading, onFrame);
    }
    keepPending();
    return !m_tooLong;
}

template <typename F>
void SseParser::continueCut(Reading &chunk, F &&onFrame)
{
    const char *const stop = chunk.lineEnd();
    const qsizetype blank = frameEnd(stop, chunk.end);
    const bool isDataAlone = blank > 0 || stop == chunk.end;
    if (!isDataAlone || !isSmall(cutData().size() + stop - chunk.at))
        return takeCut();
    m_cut.append(QByteArrayView(chunk.at, stop));
    chunk.at = stop + blank;
    if (blank > 0) {
        onFrame(SseFrame{headName(), cutData(), std::exchange(m_lastHadHead, true)});
        m_cut.clear();
    }
}

template <typename F>
bool SseParser::takeLikeLast(Reading &chunk, F &&onFrame)
{
    // Most frames look like the one before: event and data, a line each.
    const char *const data = behindHead(chunk.at, chunk.end);
    if (!data)
        return false;
    chunk.at = data;
    const char *const stop = chunk.lineEnd();
    if (stop == chunk.end) { // cut in the middle of its data, as most are in small chunks
        m_cut.append(QByteArrayView(chunk.frame, chunk.end));
        m_tooLong = !isSmall(cutData().size());
        chunk.at = chunk.end;
        return true;
    }
    if (const qsizetype blank = frameEnd(stop, chunk.end); blank > 0 && isSmall(stop - data)) {
        onFrame(
            SseFrame{headName(), QByteArrayView(data, stop), std::exchange(m_lastHadHead, true)});
        chunk.at = stop + blank;
        return true;
    }
    chunk.at = chunk.frame; // a line at a time, then, the first of which ends before its data
    if (m_headName > 0)
        chunk.lineEndsBefore(data - DataField.size());
    return false;
}

template <typename F>
void SseParser::takeNextLine(Reading &chunk, F &&onFrame)
{
    const char *const stop = chunk.lineEnd();
    const QByteArrayView piece(chunk.at, stop);
    const bool isWhole = stop != chunk.end;
    m_tooLong = viewOf(m_line).size() + pending().data.size() + piece.size() > MostEventBytes;
    if (!isWhole) {
        append(m_line, piece);
        chunk.at = chunk.end;
    }
    if (m_tooLong || !isWhole)
        return;
    m_afterCr = *stop == '\r';
    chunk.at = stop + 1;
    bool complete = false;
    if (m_line.empty()) {
        complete = takeLine(piece, Place::Chunk);
    } else {
        append(m_line, piece);
        complete = takeLine(viewOf(m_line), Place::Own);
        m_line.clear(); // its memory is for the next
    }
    if (!complete)
        return;
    if (m_hasData) {
        m_lastHadHead = learnHead(chunk.frame);
        onFrame(pending());
    }
    forgetPending();
    chunk.frame = nullptr;
}

template <typename F>
void SseParser::finish(F &&onFrame)
{
    if (m_tooLong)
        return;
    takeCut();
    if (!m_line.empty())
        takeLine(viewOf(m_line), Place::Own);
    if (m_hasData)
        onFrame(pending());
    m_line.clear();
    forgetPending();
}

} // namespace core
