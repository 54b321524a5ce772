#pragma once

#include <QByteArray>
#include <QList>

namespace bench {

//! A long answer as one protocol streams it.
struct ProtocolStream
{
    const char *protocol; //!< As in providers.json.
    QByteArray contentType;
    QByteArray body;
};

//! The same text of \p events words, an event each, in the shape of every protocol: what the wire
//! pages and recordings have around it, varying what varies there (sequence numbers, padding,
//! growing counts).
[[nodiscard]] QList<ProtocolStream> protocolStreams(int events);

} // namespace bench
