#pragma once

#include "core/client/costforecast.h"
#include "core/client/tokencounter.h"

#include <QObject>

namespace ui {

//! The service's own count of the turn that is being written. It carries the whole prompt to the
//! service, so it is made only by count(), when the person asked for it. Holds for exactly what was
//! counted: any other text, file, option or model has none. UI thread.
class ExactCount final : public QObject
{
    Q_OBJECT
public:
    explicit ExactCount(QObject *parent = nullptr);

    void setCounter(core::TokenCounter *counter); //!< Must outlive this; nullptr: nothing counts.
    [[nodiscard]] bool canCount(const core::Target &target) const;

    void count(const core::ForecastQuestion &question); //!< Ends one that is under way.
    void drop(); //!< What would be sent has changed: ends what is under way, forgets what was told.
    [[nodiscard]] bool isCounting() const { return m_isCounting; }
    [[nodiscard]] bool hasCount() const { return m_count.has_value(); } //!< Of some question.
    [[nodiscard]] std::optional<core::TokenCount>
    countOf(const core::ForecastQuestion &question) const;

Q_SIGNALS:
    void changed();
    void failed(const core::Error &error);

private:
    void take(const core::Result<core::TokenCount> &result);

    core::TokenCounter *m_counter = nullptr;
    core::ForecastQuestion m_question; //!< What is or was counted.
    QFuture<core::Result<core::TokenCount>> m_running;
    bool m_isCounting = false;
    std::optional<core::TokenCount> m_count;
};

} // namespace ui
