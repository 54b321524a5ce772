#include "ui/conversation/sendforecast.h"

#include "ui/widgets/figures.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace ui {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("ui::SendForecast", text);
}

} // namespace

QString forecastText(const QList<core::Forecast> &forecasts, const QString &service)
{
    if (forecasts.isEmpty())
        return {};
    std::int64_t tokens = 0;
    core::Cost real, simulated;
    bool isSimulated = true, isLocal = true;
    for (const core::Forecast &forecast : forecasts) {
        tokens += forecast.inputTokens;
        isLocal = isLocal && forecast.local;
        isSimulated = isSimulated && forecast.simulated;
        core::Cost &sum = forecast.simulated ? simulated : real; // practice enters no total
        sum = sum.plus(forecast.cost);
    }
    const MoneyMark mark = isLocal       ? MoneyMark::Local
                           : isSimulated ? MoneyMark::Simulated
                                         : MoneyMark::None;
    const QString cost = costText(isSimulated ? simulated : real, Decimals::Figures, mark);
    if (forecasts.size() == 1 && forecasts.first().byService && !service.isEmpty()) {
        const QString counted =
            forecasts.first().byServiceWhole
                ? translated("%1 tokens \u00B7 %2 \u00B7 counted by %3")
                : translated("%1 tokens of text \u00B7 %2 \u00B7 counted by %3");
        return counted.arg(countText(tokens), cost, service);
    }
    if (forecasts.size() == 1)
        return translated("\u2248 %1 in \u00B7 %2").arg(countText(tokens), cost);
    const bool isCounted =
        std::all_of(forecasts.cbegin(), forecasts.cend(), [](const core::Forecast &forecast) {
            return forecast.byService && forecast.byServiceWhole;
        });
    return (isCounted ? translated("%1 lanes \u00B7 %2 tokens \u00B7 %3 \u00B7 counted by their "
                                   "services")
                      : translated("%1 lanes \u00B7 \u2248 %2 in \u00B7 %3"))
        .arg(QString::number(forecasts.size()), countText(tokens), cost);
}

SendForecast::SendForecast(Questions questions, QObject *parent)
    : QObject(parent)
    , m_questions(std::move(questions))
    , m_reading([this] { return m_answer(m_asked); },
                [this](const QList<core::Forecast> &forecasts) { take(forecasts); })
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(PauseMs);
    connect(&m_pause, &QTimer::timeout, this, &SendForecast::ask);
}

void SendForecast::setSource(Answer answer)
{
    m_answer = std::move(answer);
    refreshSoon();
}

void SendForecast::refreshSoon()
{
    if (m_answer && !m_pause.isActive())
        m_pause.start();
}

void SendForecast::ask()
{
    const QList<core::ForecastQuestion> before = std::exchange(m_asked, m_questions());
    m_asksOthers =
        m_asksOthers ||
        !std::equal(before.cbegin(), before.cend(), m_asked.cbegin(), m_asked.cend(),
                    [](const core::ForecastQuestion &one, const core::ForecastQuestion &other) {
                        return one.target == other.target;
                    });
    if (m_asked.isEmpty())
        return take({});
    m_reading.request();
}

void SendForecast::take(const QList<core::Forecast> &forecasts)
{
    // An answer to what has been sent or cleared since then.
    const QList<core::Forecast> fresh = m_asked.isEmpty() ? QList<core::Forecast>() : forecasts;
    if (!std::exchange(m_asksOthers, false) && m_forecasts == fresh)
        return;
    m_forecasts = fresh;
    Q_EMIT changed();
}

} // namespace ui
