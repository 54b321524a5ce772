#pragma once

#include "core/base/error.h"
#include "core/chat/streamevent.h"
#include "core/client/chatreply.h"
#include "core/pricing/costcalculator.h"

#include <QString>

namespace app {

//! The lines of `ask --json` and `decode`. A contract: scripts read them, so that members may come
//! to them, but none goes or changes its meaning.
[[nodiscard]] QString attemptStartedLine(const core::AttemptInfo &info);
[[nodiscard]] QString attemptEndedLine(const core::AttemptRecord &record);
[[nodiscard]] QString retryScheduledLine(int attempt, std::chrono::milliseconds delay,
                                         const core::Error &cause);

[[nodiscard]] QString usageJson(const core::Usage &usage);
//! The object that `price` prints.
[[nodiscard]] QString priceJson(const core::CostBreakdown &cost);
[[nodiscard]] QString costJson(const core::CostBreakdown &cost, bool simulated);

//! Turns stream events into lines: adjacent text is one line a batch; tool calls come whole, since
//! a reader can do nothing with a part of one.
class EventLines
{
public:
    [[nodiscard]] QStringList lines(const core::StreamEvents &events);
    //! Tool calls that are still open; at the end, and before `finished`.
    [[nodiscard]] QStringList flush();
    void dropCutCalls(); //!< Of an answer that broke off: the calls that are not whole.
    [[nodiscard]] const QString &text() const { return m_text; }

private:
    struct ToolCall
    {
        int index = 0;
        QString id, name;
        QByteArray arguments;
    };
    QString m_text;
    QList<ToolCall> m_toolCalls;
};

//! How the one `finished` line ends; members as far as known.
struct FinishedLine
{
    QString text;
    std::optional<core::Finish> finish; //!< Set: success.
    core::Error error;                  //!< Else: why not.
    QString provider, model;
    core::Usage usage;
    std::optional<core::CostBreakdown> cost; //!< decode has none.
    bool simulated = false;
    std::optional<int> attempts;
    std::optional<std::chrono::milliseconds> firstToken, duration;
    QList<core::AttemptRecord> failedTargets; //!< For all_targets_failed: one a target.
    [[nodiscard]] QString toString() const;
};

} // namespace app
