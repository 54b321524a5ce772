#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"
#include "core/base/secretstring.h"
#include "core/chat/providerinfo.h"
#include "core/practice/practicecontrols.h"

#include <QObject>
#include <QUrl>

#include <memory>

class QThread;

namespace core {

//! The built-in provider for trying Farthing without a key: a server on this machine, in a thread
//! of its own, that speaks every protocol for real and can be told to fail.
//!
//! It listens on 127.0.0.1 only, on a port that the system picks, only between start() and stop(),
//! and answers only who has the token, which is new at each start. Its money is simulated. Use it
//! from the thread that made it; controls() from any.
class PracticeProvider final : public QObject
{
    Q_OBJECT
public:
    //! \p clock and \p random are used in the server's thread too: thread-safe, and must outlive
    //! this.
    PracticeProvider(Clock &clock, Random &random, QObject *parent = nullptr);
    ~PracticeProvider() override; //!< As stop().

    //! Listens from its return on; does nothing if it does already. ConnectionFailed if the system
    //! gives no port.
    [[nodiscard]] Result<Done> start();
    void stop(); //!< Breaks every running answer; returns when the thread has ended.
    [[nodiscard]] bool isRunning() const { return m_thread != nullptr; }

    [[nodiscard]] PracticeControls &controls() { return m_controls; }
    [[nodiscard]] SecretString token() const { return m_token; } //!< The key of every row.
    //! Rows for the registry, one a protocol; they share the first one's account. Base URLs are
    //! valid while it runs, empty otherwise.
    [[nodiscard]] QList<ProviderInfo> providers() const;
    [[nodiscard]] static QList<ProviderInfo> rows(); //!< The same before it ever ran.

private:
    [[nodiscard]] static QList<ProviderInfo> rowsAt(const QUrl &server);

    Clock &m_clock;
    Random &m_random;
    PracticeControls m_controls;
    SecretString m_token;
    QUrl m_url;
    std::unique_ptr<QThread> m_thread;
};

inline constexpr auto PracticeProviderId = QLatin1StringView("practice");

} // namespace core
