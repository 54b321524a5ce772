#pragma once

#include "core/chat/streamevent.h"
#include "core/client/answercaps.h"
#include "core/client/tokenestimate.h"
#include "core/ledger/attemptrecord.h"
#include "core/net/httptransport.h"
#include "core/providers/provideradapter.h"
#include "core/resilience/deadlines.h"

#include <QObject>

#include <memory>

namespace core {

//! One HTTP try: request out, body through the decoder, a verdict. Knows nothing of retries, money
//! or storage.
//!
//! Signals: sent at most once, any number of eventsReceived and silenceChanged, then exactly one
//! ended; none before the event loop runs again after send(). Only the decoder's Finish is success,
//! and nothing that happens to the connection after the protocol's terminal event is a failure.
//! stop() and deletion close the socket at once and emit nothing.
class Attempt final : public QObject
{
    Q_OBJECT
public:
    //! \p opened holds what was journalled; latencies count from \p queuedAt.
    Attempt(Clock &clock, AttemptRecord opened, SteadyTime queuedAt, QObject *parent);
    ~Attempt() override;

    void send(HttpTransport &transport, const ProviderAdapter &adapter, const WireRequest &request,
              const HttpDeadlines &deadlines);
    //! Ends it without an exchange: nothing could be sent. Emits nothing.
    void refuse(const Error &error);
    void stop(); //!< Outcome Cancelled; Completed if the terminal event had come.
    //! If the terminal event has come and only counts were waited for, ends it as completed. Emits
    //! nothing.
    [[nodiscard]] bool completeIfWhole();
    void noteSleep(); //!< The machine slept: if nothing comes any more, that is why.

    [[nodiscard]] const AttemptRecord &record() const { return m_record; }
    [[nodiscard]] AttemptRecord &record() { return m_record; }
    [[nodiscard]] std::chrono::milliseconds age() const { return now(); } //!< As its latencies.
    [[nodiscard]] const Finish &finish() const { return m_finish; }       //!< If it was completed.
    [[nodiscard]] const TokenEstimate &output() const { return m_output; }
    [[nodiscard]] Silence silence() const { return m_silence; } //!< None before it was sent.
    [[nodiscard]] std::chrono::milliseconds silentFor() const;  //!< 0 before it was sent.
    //! What the answer's headers told; empty before they came.
    [[nodiscard]] const ResponseFacts &facts() const { return m_facts; }

Q_SIGNALS:
    void sent();
    void eventsReceived(const core::StreamEvents &events);
    void silenceChanged(core::Silence silence);
    void ended();

private:
    void takeHeaders();
    void takeBody(const QByteArray &slice);
    void takeEnd();
    void takeEndOfStream();
    void awaitEnd(const StreamEvents &events);
    [[nodiscard]] StreamEvents noted(StreamEvents events);
    void note(StreamEvent &event);
    void hear(const StreamEvents &events);
    void noteHeldBack(); //!< Counts that came: an attempt that fails or is stopped costs, too.
    void deliver(const StreamEvents &events);
    void fail(Error error);
    void close(AttemptOutcome outcome);
    void watchSilence();
    void setSilence(Silence silence);
    void letExchangeEnd();
    void dropExchange();
    [[nodiscard]] std::chrono::milliseconds now() const;

    Clock &m_clock;
    AttemptRecord m_record;
    SteadyTime m_queuedAt;
    const ProviderAdapter *m_adapter = nullptr;
    HttpTransport *m_transport = nullptr;
    HttpExchange *m_exchange = nullptr; //!< Ours as long as it runs.
    std::unique_ptr<StreamDecoder> m_decoder;
    QStringList m_warnings;
    QList<SecretString> m_secrets; //!< Kept so that the Redactor knows them while the body is read.
    QByteArray m_errorBody;
    ResponseFacts m_facts;
    std::optional<SilenceWatch> m_watch; //!< From the moment it was sent.
    Silence m_silence = Silence::None;
    Alarm m_silenceAlarm;
    Alarm m_endAlarm;             //!< From the terminal event on, where counts may follow.
    bool m_isEndDoubtful = false; //!< Text followed what should have been the terminal event.
    bool m_hasSlept = false;      //!< And nothing has come since.
    TokenEstimate m_output;
    AnswerCaps m_caps;
    Finish m_finish;
};

} // namespace core
