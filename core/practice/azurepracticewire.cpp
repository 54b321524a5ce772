#include "core/practice/openaipracticewire.h"
#include "core/practice/practicejson.h"
#include "core/practice/practiceproof.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

struct ErrorShape
{
    PracticeRefusal refusal;
    int status;
    const char *code;
};

constexpr std::array ErrorShapes{
    ErrorShape{PracticeRefusal::BadRequest, 400, "BadRequest"},
    ErrorShape{PracticeRefusal::UnknownModel, 404, "DeploymentNotFound"},
    ErrorShape{PracticeRefusal::NotFound, 404, "404"},
    ErrorShape{PracticeRefusal::WrongKey, 401, "401"},
    ErrorShape{PracticeRefusal::RateLimited, 429, "429"},
    ErrorShape{PracticeRefusal::QuotaExhausted, 429, "insufficient_quota"},
    ErrorShape{PracticeRefusal::Overloaded, 503, "ServiceUnavailable"},
    ErrorShape{PracticeRefusal::ServerError, 500, "InternalServerError"},
};

QJsonObject filterResults()
{
    QJsonObject results;
    for (const auto category : {"hate"_L1, "self_harm"_L1, "sexual"_L1, "violence"_L1})
        results[category] = QJsonObject{{"filtered"_L1, false}, {"severity"_L1, "safe"_L1}};
    return results;
}

//! Azure OpenAI's chat completions, on both surfaces. A deployment has its model's name.
class AzurePracticeWire final : public OpenAiPracticeWire
{
public:
    QByteArray root() const override { return practiceRoots::Azure; }

    QList<PracticePath> paths() const override
    {
        return {{"POST", "/openai/deployments/{model}/chat/completions", PracticeAct::Answer},
                {"POST", "/openai/v1/chat/completions", PracticeAct::Answer},
                {"GET", "/openai/models", PracticeAct::Models},
                {"GET", "/openai/v1/models", PracticeAct::Models}};
    }

    bool isProven(const LoopbackRequest &request, const SecretString &token,
                  std::chrono::sys_seconds) const override
    {
        return isBareKey(request.headers, "api-key", token) || isBearer(request.headers, token);
    }

    Result<PracticeRequest> readRequest(const PracticeCall &call) const override
    {
        Result<PracticeRequest> request = OpenAiPracticeWire::readRequest(call);
        if (!request || call.model.isEmpty())
            return request;
        if (call.queryItem("api-version"_L1).isEmpty())
            return practiceBadRequest(u"Missing required query parameter: api-version"_s);
        request->model = call.model; // the body's is ignored
        return request;
    }

    //! The first chunk tells of the prompt alone: no choice, no id, no model.
    QList<PracticePiece> stream(const PracticeReply &reply) const override
    {
        const QJsonObject prompt{
            {"id"_L1, QString()},
            {"object"_L1, QString()},
            {"created"_L1, 0},
            {"model"_L1, QString()},
            {"choices"_L1, QJsonArray()},
            {"prompt_filter_results"_L1,
             QJsonArray{QJsonObject{{"prompt_index"_L1, 0},
                                    {"content_filter_results"_L1, filterResults()}}}}};
        QList<PracticePiece> pieces = OpenAiPracticeWire::stream(reply);
        pieces.prepend({"data: " + practiceCompact(prompt) + "\n\n", false});
        return pieces;
    }

    PracticeRefused refused(const PracticeFailure &failure) const override
    {
        HttpHeaders all = headers(failure.id);
        if (failure.refusal != PracticeRefusal::UnknownModel) // that one comes without a type
            all.set("Content-Type", "application/json");
        addRetryAfter(all, failure);
        return {shapeOf(ErrorShapes, failure.refusal).status, all,
                practiceCompact({{"error"_L1, errorObject(failure)}})};
    }

    HttpHeaders headers(const QString &id) const override
    {
        return {{"apim-request-id", id.toLatin1()},
                {"x-ms-region", "Practice"},
                {"x-ratelimit-limit-requests", "1000"},
                {"x-ratelimit-remaining-requests", "999"},
                {"x-ratelimit-reset-requests", "60"}};
    }

protected:
    QJsonObject errorObject(const PracticeFailure &failure) const override
    {
        QString message = failure.message;
        if (failure.retryAfter.count() > 0) // often the only place that says it
            message += u" Please retry after %1 seconds."_s.arg(failure.retryAfter.count());
        return {{"code"_L1, QLatin1StringView(shapeOf(ErrorShapes, failure.refusal).code)},
                {"message"_L1, message}};
    }

    QJsonObject choiceExtras() const override
    {
        return {{"content_filter_results"_L1, filterResults()}};
    }
};

} // namespace

std::unique_ptr<PracticeWire> practiceAzureWire()
{
    return std::make_unique<AzurePracticeWire>();
}

} // namespace core
