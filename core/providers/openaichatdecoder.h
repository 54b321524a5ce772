#pragma once

#include "core/providers/jsonstreamdecoder.h"
#include "core/providers/thinktags.h"

#include <QHash>

namespace core {

//! Decodes Chat Completions of OpenAI and of the servers that imitate it: the superset of what they
//! send. The terminal event is [DONE]; a whole JSON answer is its own.
class OpenAiChatDecoder final : public JsonStreamDecoder
{
public:
    explicit OpenAiChatDecoder(const HttpHeaders &headers);

private:
    std::optional<Error> takeEvent(QByteArrayView name, const JsonElement &data) override;
    bool takeWord(QByteArrayView data) override;
    std::optional<Error> takeWhole(const JsonElement &answer) override;
    bool hasEnded() const override { return m_done; }
    std::optional<Error> conclude() override;

    [[nodiscard]] std::optional<Error> errorIn(QByteArrayView name, const JsonElement &data) const;
    void begin(const JsonElement &data);
    void takeChoices(const simdjson::dom::array &choices);
    void takeChoice(const JsonElement &choice);
    void takeMessage(const JsonElement &message);
    void takeRefusal(const JsonElement &holder);
    void takeContent(const JsonElement &content);
    void takeThinking(const JsonElement &thinking);
    void takeMedia(const JsonElement &message);
    void takeText(const QString &text);
    void releaseHeld();
    void takeToolCall(const JsonElement &call, int position);
    [[nodiscard]] std::optional<int> callNumber(std::optional<std::int64_t> index, int position,
                                                const QString &id, const QString &name);
    void takeFunction(const JsonElement &function, ToolCallDelta delta);
    void takeTier(const JsonElement &data);
    void takeUsage(const JsonElement &usage);

    HttpHeaders m_headers;
    bool m_started = false;
    bool m_done = false;
    bool m_anything = false;   //!< Text, reasoning, a tool call, a refusal, sound or a picture.
    bool m_inPieces = false;   //!< Some of it in a delta.
    bool m_hasContent = false; //!< Text came where an answer has its text.
    bool m_refused = false;
    bool m_hasReasoned = false; //!< In a member of its own: no tags are looked for.
    ThinkTags m_tags;
    //! The call that pieces with an index go to.
    struct OpenCall
    {
        int number = 0;
        QString id, name;
    };
    QHash<std::int64_t, OpenCall> m_openCalls;
    //! Numbers of all calls by index (NoIndex: none was given) and id: ids need not differ.
    QHash<std::pair<std::int64_t, QString>, int> m_callIds;
    int m_toolCalls = 0;
    QString m_finishReason;
    std::optional<Error> m_choiceError; //!< OpenRouter's place for one, beside the top.
    QString m_serviceTier;              //!< As last told.
    std::optional<Usage> m_usage;
};

} // namespace core
