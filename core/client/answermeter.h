#pragma once

#include "core/client/costforecast.h"

#include <QObject>

namespace core {

class ChatReply;

//! What the running attempt of an answer has taken until now.
struct AnswerReading
{
    std::int64_t inputTokens = 0;
    std::int64_t outputTokens = 0;    //!< With reasoning, as far as it is shown.
    std::int64_t reasoningTokens = 0; //!< Those of them.
    //! The service has told what the prompt has, and the text is counted as the model does: no less
    //! will be billed. Else both counts are near.
    bool atLeast = false;
    bool local = false;
    Cost cost;                             //!< Of these tokens. A missing price: incomplete.
    std::optional<double> tokensPerSecond; //!< Of what the reader sees, once that says something.
};

//! Counts an answer while it streams, since services tell what they counted only at its end. What
//! one of them has told counts more. For those who watch: costs nothing until it is read, and then
//! what came since the last time. Main thread; prompts are counted and vocabularies loaded in the
//! pool.
class AnswerMeter final : public QObject
{
public:
    //! \p reply answers \p request, after what stands in \p before. \p forecast and \p reply must
    //! outlive this.
    AnswerMeter(const CostForecast &forecast, const ChatReply &reply, ChatRequest request,
                QList<ContentPart> before);

    //! None: nothing that costs has come, or nobody can count it yet.
    [[nodiscard]] std::optional<AnswerReading> read();

private:
    void begin(std::int64_t attempt);
    void countNew();
    [[nodiscard]] std::int64_t asModel(const AppendableCount &counted) const;

    const CostForecast &m_forecast;
    const ChatReply &m_reply;
    ChatRequest m_request;
    QList<ContentPart> m_before;

    std::int64_t m_attempt = 0;       //!< Whose counts these are.
    std::optional<Forecast> m_prompt; //!< Once it was counted.
    std::optional<AnswerCounter> m_text, m_reasoning;
    QList<qsizetype> m_counted; //!< Of each part of the answer, its first so many characters.
};

} // namespace core
