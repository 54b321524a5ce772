#pragma once

#include "core/conversation/comparison.h"
#include "ui/conversation/sendforecast.h"

#include <QObject>

namespace ui {

//! Finds the lanes whose models have no room for what is sent, before their services refuse it, and
//! asks such a lane once there is room. UI thread.
class LaneRoom final : public QObject
{
    Q_OBJECT
public:
    //! Context window of a target, in tokens; none: not known.
    using ContextLimit = std::function<std::optional<std::int64_t>(const core::Target &)>;

    using QObject::QObject;

    void setContextLimit(ContextLimit limit); //!< Until then every lane has room.
    void setForecastSource(SendForecast::Answer answer);

    //! What lanes of \p comparison would hold of \p text, by lane. \p forecasts: one a lane;
    //! otherwise nothing is known yet, and every lane has room.
    [[nodiscard]] QHash<int, core::HeldTurn> lacking(const core::Comparison &comparison,
                                                     const QString &text,
                                                     const QList<core::Forecast> &forecasts) const;
    //! Asks the model that the lane has by now what it holds; if there is no room either, it is
    //! held again.
    void ask(core::Comparison &comparison, int lane);
    void makeFit(core::Comparison &comparison, int lane); //!< Its service refused it as too long.
    //! Asks for the answer \p answerId of the lane again, or for its rest. Without room its
    //! question is held; a rest is not asked for, and refused() says so.
    void askAgain(core::Comparison &comparison, int lane, std::int64_t answerId,
                  core::Conversation::Again how);

Q_SIGNALS:
    void refused(const QString &sentence); //!< For the composer's notice.

private:
    [[nodiscard]] std::optional<std::int64_t> limitOf(const core::Target &target) const;
    void send(core::Comparison &comparison, int lane);

    ContextLimit m_limit;
    SendForecast::Answer m_forecast;
};

} // namespace ui
