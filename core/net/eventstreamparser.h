#pragma once

#include "core/base/result.h"
#include "core/net/bytebuffer.h"

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>
#include <optional>

namespace core {

//! One header of a message. Numbers are big-endian in \p value, of 1, 2, 4 or 8 bytes.
struct EventStreamHeader
{
    enum Type : quint8 { True, False, Byte, Short, Int, Long, Bytes, Text, Timestamp, Uuid };
    QByteArrayView name;
    Type type = Text;
    QByteArrayView value; //!< Without its length.
};

//! One message of application/vnd.amazon.eventstream. The views are valid during the call that
//! hands them over.
struct EventStreamFrame
{
    QByteArrayView headerBytes; //!< Known to be well-formed.
    QByteArrayView payload;
    bool hasLastHeaders = false; //!< The same as the message before.

    //! Takes the first header off \p bytes; none: malformed, or no more.
    [[nodiscard]] static std::optional<EventStreamHeader> takeHeader(QByteArrayView &bytes);
    [[nodiscard]] QByteArrayView
    text(QByteArrayView header) const; //!< Empty without such a string.
};

//! Cuts AWS's binary event stream into messages. Lengths and both checksums are checked before a
//! message is used, limits before anything is kept. There is no way back into step: the first fault
//! is final. Linear in the bytes; keeps one unfinished message at most.
class EventStreamParser
{
public:
    static constexpr quint32 MostHeaderBytes = 128 * 1024;
    static constexpr quint32 MostPayloadBytes = 24 * 1024 * 1024;

    //! Calls \p onFrame(const EventStreamFrame &) for each message that \p bytes complete. The
    //! fault, a ProtocolError with its reason, once a message is broken; those before it were
    //! handed over.
    template <typename F>
    [[nodiscard]] std::optional<Error> feed(QByteArrayView bytes, F &&onFrame);
    //! Bytes of a message that has not ended: at the end of a body, a sign that it was cut.
    [[nodiscard]] bool hasLeftover() const { return !m_pending.isEmpty(); }

private:
    //! Takes the first message off \p rest; none: it is not whole yet, or m_error is set.
    [[nodiscard]] std::optional<EventStreamFrame> takeFrame(QByteArrayView &rest);
    //! How many bytes the message in m_pending still lacks, as far as can be told.
    [[nodiscard]] qsizetype lacking() const;
    [[nodiscard]] static bool areHeaders(QByteArrayView bytes);
    void fail(const char *reason);

    ByteBuffer m_pending;
    QByteArray m_goodHeaders; //!< Of the last message: most have the same, and need no second look.
    std::optional<Error> m_error;
};

template <typename F>
std::optional<Error> EventStreamParser::feed(QByteArrayView bytes, F &&onFrame)
{
    if (m_error)
        return m_error;
    // Only the message that was cut is put together; the others are read where they lie.
    while (!m_pending.isEmpty() && !bytes.isEmpty() && !m_error) {
        const qsizetype count = std::min(lacking(), bytes.size());
        m_pending.append(bytes.first(count));
        bytes = bytes.sliced(count);
        QByteArrayView pending = m_pending.view();
        if (const auto frame = takeFrame(pending)) {
            onFrame(*frame);
            m_pending.clear();
        }
    }
    if (m_pending.isEmpty()) {
        while (const auto frame = takeFrame(bytes))
            onFrame(*frame);
        m_pending.append(bytes);
    }
    if (m_error)
        m_pending.clear();
    return m_error;
}

} // namespace core
