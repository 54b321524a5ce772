#include "core/practice/practiceservice.h"

#include "core/practice/practiceanswer.h"
#include "core/practice/practiceplayer.h"

namespace core {

PracticeService::PracticeService(PracticeControls &controls, Clock &clock, Random &random,
                                 SecretString token)
    : m_controls(controls)
    , m_clock(clock)
    , m_random(random)
    , m_token(std::move(token))
    , m_server([this](const LoopbackRequest &request, LoopbackResponse &response) {
        answer(request, response);
    })
{
    m_server.setParent(this); // so that it follows to the service's thread
}

const PracticeWire &PracticeService::wireFor(const LoopbackRequest &request,
                                             std::optional<PracticeCall> &call) const
{
    const PracticeWire *nearest = m_wires.front().get();
    for (const auto &wire : m_wires) {
        call = practiceCall(*wire, request);
        if (call)
            return *wire;
        if (isBelowRoot(*wire, request) && !isBelowRoot(*nearest, request))
            nearest = wire.get();
    }
    return *nearest;
}

void PracticeService::answer(const LoopbackRequest &request, LoopbackResponse &response)
{
    std::optional<PracticeCall> call;
    const PracticeWire &wire = wireFor(request, call);
    const auto now = std::chrono::floor<std::chrono::seconds>(m_clock.utcNow());
    if (!wire.isProven(request, m_token, now)) {
        refuse(response, wire, PracticeRefusal::WrongKey,
               QStringLiteral("This is not the practice provider's token of today."));
    } else if (!call) {
        refuse(response, wire, PracticeRefusal::NotFound,
               QStringLiteral("The practice provider has no %1 here.")
                   .arg(QString::fromLatin1(request.method)));
    } else if (call->act == PracticeAct::Models) {
        sendWhole(response, wire, wire.models(m_controls.models(), *call));
    } else if (call->act == PracticeAct::Count) {
        if (const Result<QByteArray> counted = wire.count(*call); counted)
            sendWhole(response, wire, *counted);
        else
            refuse(response, wire, PracticeRefusal::BadRequest, counted.error().detail);
    } else {
        answerChat(*call, response, wire);
    }
}

void PracticeService::answerChat(const PracticeCall &call, LoopbackResponse &response,
                                 const PracticeWire &wire)
{
    const Result<PracticeRequest> asked = wire.readRequest(call);
    if (!asked) {
        refuse(response, wire, PracticeRefusal::BadRequest, asked.error().detail);
        return;
    }
    const std::optional<PracticeModel> model = m_controls.model(asked->model);
    if (!model) {
        refuse(response, wire, PracticeRefusal::UnknownModel,
               QStringLiteral("model: %1").arg(asked->model.left(100)));
        return;
    }
    const std::optional<PracticeFaultPlan> fault = m_controls.takeFault(model->id);
    if (fault && failedAtOnce(*fault, response, wire))
        return;
    const PracticeReply reply = compose(*asked, *model);
    HttpHeaders headers = wire.headers(reply.id);
    if (!asked->stream) {
        headers.set("Content-Type", "application/json");
        response.send(200, headers, wire.whole(reply));
        return;
    }
    headers.set("Content-Type", wire.streamType());
    headers.set("Cache-Control", "no-cache");
    const PracticeFailure failure{
        PracticeRefusal::Overloaded,
        QStringLiteral("Overloaded, as you asked the practice provider to be."),
        reply.id,
        {}};
    // The wires outlive the player, which is a child of the response, one of the server's.
    auto *player = new PracticePlayer(
        response, m_clock, *model, wire.stream(reply), fault,
        [&wire, reply, failure](qsizetype sent) { return wire.streamError(reply, failure, sent); });
    player->start(headers);
}

void PracticeService::sendWhole(LoopbackResponse &response, const PracticeWire &wire,
                                const QByteArray &body)
{
    HttpHeaders headers = wire.headers(newId());
    headers.set("Content-Type", "application/json");
    response.send(200, headers, body);
}

void PracticeService::refuse(LoopbackResponse &response, const PracticeWire &wire,
                             PracticeRefusal refusal, const QString &message,
                             std::chrono::seconds retryAfter)
{
    const PracticeRefused refused = wire.refused({refusal, message, newId(), retryAfter});
    response.send(refused.status, refused.headers, refused.body);
}

bool PracticeService::failedAtOnce(const PracticeFaultPlan &plan, LoopbackResponse &response,
                                   const PracticeWire &wire)
{
    const auto fail = [&](PracticeRefusal refusal, const QString &message) {
        refuse(response, wire, refusal, message,
               plan.fault == PracticeFault::RateLimited ? plan.retryAfter
                                                        : std::chrono::seconds(0));
        return true;
    };
    switch (plan.fault) {
    case PracticeFault::RateLimited:
        return fail(PracticeRefusal::RateLimited,
                    QStringLiteral("Rate limit reached, as you asked."));
    case PracticeFault::QuotaExhausted:
        return fail(PracticeRefusal::QuotaExhausted,
                    QStringLiteral("You exceeded your current quota, as you asked."));
    case PracticeFault::Overloaded:
        return fail(PracticeRefusal::Overloaded, QStringLiteral("Overloaded, as you asked."));
    case PracticeFault::ServerError:
        return fail(PracticeRefusal::ServerError,
                    QStringLiteral("The server had an error, as you asked."));
    case PracticeFault::WrongKey:
        return fail(PracticeRefusal::WrongKey, QStringLiteral("Incorrect API key, as you asked."));
    case PracticeFault::StallBeforeHead:
        return true; // nothing is ever written
    case PracticeFault::StallInStream:
    case PracticeFault::CloseInStream:
    case PracticeFault::ResetInStream:
    case PracticeFault::ErrorInStream:
        return false;
    }
    return false;
}

PracticeReply PracticeService::compose(const PracticeRequest &request, const PracticeModel &model)
{
    const PracticeAnswer answer = practiceAnswer(request);
    PracticeReply reply;
    reply.id = newId();
    reply.created =
        std::chrono::floor<std::chrono::seconds>(m_clock.utcNow()).time_since_epoch().count();
    reply.model = model.id;
    reply.promptTokens = request.promptTokens;
    reply.includeUsage = request.includeUsage;
    if (model.reasons)
        reply.reasoning = practiceTokens(answer.reasoning);
    reply.text = practiceTokens(answer.text);
    // The limit covers the reasoning too, as it does at the real services.
    const qint64 limit = request.maxTokens.value_or(PracticeMaxOutput);
    if (reply.reasoning.size() + reply.text.size() > limit) {
        reply.cut = true;
        reply.reasoning = reply.reasoning.first(std::min(reply.reasoning.size(), limit));
        reply.text = reply.text.first(limit - reply.reasoning.size());
    }
    return reply;
}

QString PracticeService::newId()
{
    constexpr std::string_view Alphabet =
        "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";
    QString id;
    for (int i = 0; i < 24; ++i)
        id.append(QLatin1Char(Alphabet[m_random.bits() % Alphabet.size()]));
    return id;
}

} // namespace core
