#pragma once

#include "core/base/latencyhistogram.h"
#include "core/base/latestread.h"
#include "core/store/store.h"

#include <QHash>

namespace core {

//! What is to be thought of a provider or a model, from real traffic only.
enum class HealthVerdict {
    NotUsed,    //!< No attempt at all: nothing is known.
    Idle,       //!< None within the day.
    Healthy,    //!< At least 95 % of what was asked came back.
    Recovering, //!< It failed within the last quarter hour and has answered since.
    Unsteady,   //!< It fails often, or failed last.
    Failing     //!< Nothing came back.
};

//! Attempts of a span of time that tell of the service: those that answered, and failures that are
//! the service's, the network's or the key's. What the user cancelled, and requests that were
//! wrong, tell nothing.
struct HealthSpan
{
    int answered = 0;
    int failed = 0;
    LatencyHistogram firstToken; //!< Of those that answered, from the moment they were queued.
    [[nodiscard]] std::optional<double> successRatio() const; //!< Nothing without evidence.
};

struct HealthFailure
{
    Error error; //!< Kind and status only.
    UtcTime at{};
};

//! The health of one provider, or of one model there.
struct HealthReport
{
    QString provider;
    QString model;                            //!< Empty: the provider as a whole.
    HealthSpan quarter;                       //!< The last 15 minutes.
    HealthSpan day;                           //!< The last 24 hours.
    std::optional<HealthFailure> lastFailure; //!< Within the day.
    std::optional<UtcTime> lastAnswer;        //!< Within the day.
    bool everUsed = false;
    [[nodiscard]] HealthVerdict verdict() const;
};

//! Passive health: from the ledger's attempts, so that it costs no request; simulated ones are left
//! out. Main thread; reads in the store's reader thread.
class Health : public QObject
{
    Q_OBJECT
public:
    Health(Store &store, Clock &clock, QObject *parent = nullptr);

    //! While it is watched it reads anew after each change of the ledger, and once a minute, as
    //! time alone makes evidence old.
    void watch(bool on);

    [[nodiscard]] HealthReport provider(const QString &provider) const;
    //! Of the models that were used within the day, those with the most attempts first.
    [[nodiscard]] QList<HealthReport> models(const QString &provider) const;

Q_SIGNALS:
    void changed();

private:
    struct Reports
    {
        QHash<QString, HealthReport> providers;
        QHash<QString, QList<HealthReport>> models;
    };
    [[nodiscard]] static Result<Reports> reports(const QString &connection, UtcTime now);
    [[nodiscard]] QFuture<Result<Reports>> read();
    void take(const Result<Reports> &read);

    Store &m_store;
    Clock &m_clock;
    Alarm m_alarm;
    Reports m_reports;
    bool m_isWatched = false;
    LatestRead<Result<Reports>> m_reading;
};

} // namespace core
