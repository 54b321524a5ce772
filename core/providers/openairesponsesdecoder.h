#pragma once

#include "core/providers/hostedcalls.h"
#include "core/providers/jsonstreamdecoder.h"

#include <QHash>
#include <QList>
#include <QSet>
#include <QStringList>

#include <optional>

namespace core {

//! Decodes the Responses API's stream. response.completed and response.incomplete are the only
//! signs of a whole answer; there is no [DONE]. What a delta already said is not said again by its
//! ".done", by its whole item or by the whole response; what only these say is said then. Tools
//! that ran at the service and are charged by the piece are in the usage's fees, from the moment on
//! when they have run: an answer that breaks off has them, too.
class OpenAiResponsesDecoder final : public JsonStreamDecoder
{
public:
    explicit OpenAiResponsesDecoder(const HttpHeaders &headers);

private:
    std::optional<Error> takeEvent(QByteArrayView name, const JsonElement &data) override;
    bool takeWord(QByteArrayView data) override { return data == "[DONE]"; }
    std::optional<Error> takeWhole(const JsonElement &answer) override;
    bool hasEnded() const override { return m_ended; }
    std::optional<Error> conclude() override;

    //! A call in the making; its number is its place in m_calls.
    struct Call
    {
        QString id;
        QByteArray held; //!< Arguments that came with the item's begin: said if no others come.
        bool hasArguments = false;
        bool isWhole = false;
    };

    void takeStart(const JsonElement &response);
    void takeTextEvent(const QString &type, const JsonElement &data);
    void takeArguments(const JsonElement &data, std::string_view name);
    void takePart(const QStringList &places, int index, const JsonElement &part);
    void takeItem(const QStringList &places, const JsonElement &item);
    void takeReasoning(const QStringList &places, const JsonElement &item);
    void takeOutput(const JsonElement &response);
    void say(const QString &text, bool refusal);
    void beginCall(const QStringList &places, const JsonElement &item);
    void endCall(const QStringList &places, const JsonElement &item);
    void giveArguments(int number, const QByteArray &arguments);
    [[nodiscard]] std::optional<int> callNamed(const JsonElement &item) const;
    void takeHostedCall(const QStringList &places, const JsonElement &item);
    void takeUsage(const JsonElement &usage, const JsonElement &response, const QString &status);
    void reportFees(const QMap<FeeUnit, std::int64_t> &fees);
    [[nodiscard]] std::optional<Error> takeEnd(const JsonElement &response, const QString &end);

    HttpHeaders m_headers;
    QList<Call> m_calls;
    HostedCalls m_hosted;
    //! Place -> number of the last call begun there; none: there were too many.
    QHash<QString, std::optional<int>> m_callAt;
    QSet<QString> m_textBegun;  //!< "kind place content summary" of which text came.
    QSet<QString> m_reasonedAt; //!< Names of places of which reasoning came.
    QString m_finishRaw;
    QString m_serviceTier; //!< As last told.
    FinishReason m_finish = FinishReason::Other;
    int m_reasoningParts = 0;
    std::optional<int> m_lastCall; //!< Number of the last call begun; none: as above, or no call.
    bool m_saidText = false;
    bool m_reasoned = false; //!< Visibly or sealed.
    bool m_refused = false;
    bool m_started = false;
    bool m_knowsModel = false;
    bool m_isCounted = false; //!< The service has told the tokens.
    bool m_ended = false;
};

} // namespace core
