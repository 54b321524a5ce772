#pragma once

#include "core/base/latestread.h"
#include "core/client/costforecast.h"

#include <QTimer>

namespace ui {

//! "≈ 1,211 in · $0.0036 – 0.0860"; for several, all together. Empty for none. One that its service
//! counted names it: "1,234 tokens · $0.0012 – 0.0410 · counted by Anthropic"; several that all
//! their services counted whole say so.
[[nodiscard]] QString forecastText(const QList<core::Forecast> &forecasts,
                                   const QString &service = {});

//! Knows what the next message may take while it is being written, a moment late and never in the
//! way of a key. UI thread.
class SendForecast final : public QObject
{
    Q_OBJECT
public:
    using Questions = std::function<QList<core::ForecastQuestion>()>;
    using Answer =
        std::function<QFuture<QList<core::Forecast>>(const QList<core::ForecastQuestion> &)>;

    //! \p questions: what would be sent now, one a model; none where there is nothing to send.
    explicit SendForecast(Questions questions, QObject *parent = nullptr);

    void setSource(Answer answer); //!< Until then nothing is known.
    void refreshSoon();            //!< What would be sent has changed.
    [[nodiscard]] const QList<core::Forecast> &forecasts() const { return m_forecasts; }
    //! What would have been sent when it was looked at last: a moment old, as the forecasts are.
    [[nodiscard]] const QList<core::ForecastQuestion> &asked() const { return m_asked; }

Q_SIGNALS:
    void changed(); //!< The forecasts, or whom they are of.

private:
    void ask();
    void take(const QList<core::Forecast> &forecasts);

    static constexpr int PauseMs = 60;

    Questions m_questions;
    Answer m_answer;
    QTimer m_pause; //!< At most this often, also while somebody types without a break.
    QList<core::ForecastQuestion> m_asked;
    bool m_asksOthers = false; //!< Of other targets than the forecasts are.
    QList<core::Forecast> m_forecasts;
    core::LatestRead<QList<core::Forecast>> m_reading;
};

} // namespace ui
