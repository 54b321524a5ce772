#pragma once

#include "core/net/httptransport.h"
#include "core/practice/practiceprovider.h"
#include "core/providers/provideradapter.h"

#include <QObject>

#include <memory>
#include <optional>

namespace core {
class ProviderRegistry;
}

namespace tests {

//! What came of one request: the client's view of it.
struct Received
{
    int status = 0;
    core::HttpHeaders headers;
    core::StreamEvents events;
    std::optional<core::Error>
        error; //!< What the adapter, the decoder or the transport made of it.
    QByteArray body;

    [[nodiscard]] QString text() const;
    [[nodiscard]] QString reasoning() const;
    [[nodiscard]] QByteArray signature() const;
    [[nodiscard]] QString requestId() const;
    [[nodiscard]] std::optional<core::Usage> usage() const; //!< The last report.
    [[nodiscard]] std::optional<core::Finish> finish() const;
};

//! One exchange with the practice provider by the real parts: adapter, transport, decoder.
class WireCall final : public QObject
{
public:
    WireCall(core::HttpTransport &transport, const core::ProviderAdapter &adapter,
             const core::HttpRequest &request, core::HttpDeadlines deadlines = {});

    [[nodiscard]] bool isFinished() const { return m_finished; }
    [[nodiscard]] const Received &received() const { return m_received; }
    //! Waits for the end, at most ten seconds.
    [[nodiscard]] const Received &end();
    void abort() { m_exchange->abort(); }

private:
    void take(const core::Result<core::StreamEvents> &decoded);
    void conclude();

    const core::ProviderAdapter &m_adapter;
    core::HttpExchange *m_exchange;
    std::unique_ptr<core::StreamDecoder> m_decoder;
    Received m_received;
    bool m_finished = false;
};

} // namespace tests
