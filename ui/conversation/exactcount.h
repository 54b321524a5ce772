#pragma once

#include "core/client/costforecast.h"
#include "core/client/tokencounter.h"

#include <QObject>

namespace ui {

//! The services' own counts of the turn that is being written: of one chat, or of each lane of a
//! comparison. A count carries the whole prompt to the service, so it is made only by count(), when
//! the person asked for it. Holds for exactly what was counted: any other text, file, option or
//! model has none. UI thread.
class ExactCount final : public QObject
{
    Q_OBJECT
public:
    explicit ExactCount(QObject *parent = nullptr);

    void setCounter(core::TokenCounter *counter); //!< Must outlive this; nullptr: nothing counts.
    [[nodiscard]] bool canCount(const core::Target &target) const;

    //! Asks about those of \p questions whose service counts, each once. Ends what is under way.
    void count(const QList<core::ForecastQuestion> &questions);
    void drop(); //!< What would be sent has changed: ends what is under way, forgets what was told.
    [[nodiscard]] bool isCounting() const;
    [[nodiscard]] bool hasCount() const; //!< Of some question.
    [[nodiscard]] std::optional<core::TokenCount>
    countOf(const core::ForecastQuestion &question) const;

Q_SIGNALS:
    void changed();
    void failed(const core::Target &target, const core::Error &error); //!< The others go on.

private:
    struct Call
    {
        core::ForecastQuestion question; //!< What is or was counted.
        QFuture<core::Result<core::TokenCount>> running;
        bool isRunning = true;
        std::optional<core::TokenCount> count{};
    };
    void take(quint64 round, qsizetype place, const core::Result<core::TokenCount> &result);

    core::TokenCounter *m_counter = nullptr;
    QList<Call> m_calls;
    quint64 m_round = 0; //!< An answer to an earlier count() is none to this one.
};

} // namespace ui
