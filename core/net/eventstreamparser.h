#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QList>
#include <QVariant>

#include <utility>

namespace core {

//! One message of application/vnd.amazon.eventstream.
struct EventStreamFrame
{
    //! In the order they came: bool, qlonglong (the integers, timestamps in milliseconds), QString
    //! (strings), QByteArray (bytes, UUIDs).
    QList<std::pair<QByteArray, QVariant>> headers;
    QByteArray payload;

    [[nodiscard]] QString text(QByteArrayView header) const; //!< Empty without such a string.
};

//! Cuts AWS's binary event stream into messages (bedrock.md). Lengths and both checksums are
//! checked before a message is used, limits before anything is kept. There is no way back into
//! step: the first fault is final. Linear in the bytes; keeps one unfinished message at most.
class EventStreamParser
{
public:
    static constexpr quint32 MostHeaderBytes = 128 * 1024;
    static constexpr quint32 MostPayloadBytes = 24 * 1024 * 1024;

    //! The messages that \p bytes complete. ProtocolError, with the reason, from the first broken
    //! one on; those before it in the same slice are in takeFrames().
    [[nodiscard]] Result<QList<EventStreamFrame>> feed(QByteArrayView bytes);
    [[nodiscard]] QList<EventStreamFrame> takeFrames() { return std::exchange(m_frames, {}); }
    //! Bytes of a message that has not ended: at the end of a body, a sign that it was cut.
    [[nodiscard]] bool hasLeftover() const { return !m_pending.isEmpty(); }

private:
    enum class Step { Frame, NeedsMore };
    [[nodiscard]] Result<Step> takeOne();

    QByteArray m_pending;
    QList<EventStreamFrame> m_frames;
    std::optional<Error> m_error;
};

} // namespace core
