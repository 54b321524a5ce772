#include "core/practice/practiceservice.h"

#include "core/practice/practiceanswer.h"
#include "core/practice/practicejson.h"
#include "core/practice/practiceplayer.h"

namespace core {

namespace {

bool isAnthropic(const LoopbackRequest &request)
{
    return request.path().startsWith("/v1/messages") ||
           request.headers.contains("anthropic-version");
}

HttpHeaders with(HttpHeaders headers, const QByteArray &name, const QByteArray &value)
{
    headers.set(name, value);
    return headers;
}

//! Compares without telling by its duration how much was right.
bool isSame(QByteArrayView a, QByteArrayView b)
{
    if (a.size() != b.size())
        return false;
    int difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= a[i] ^ b[i];
    return difference == 0;
}

} // namespace

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

void PracticeService::answer(const LoopbackRequest &request, LoopbackResponse &response)
{
    const PracticeWire &wire = isAnthropic(request) ? *m_anthropic : *m_openAi;
    if (!isAuthorised(request.headers)) {
        refuse(response, wire, PracticeRefusal::WrongKey,
               QStringLiteral("This is not the practice provider's token of today."));
        return;
    }
    const QByteArray path = request.path();
    const bool isPost = request.method == "POST";
    if (request.method == "GET" && path == "/v1/models") {
        const QByteArray query = request.target.mid(path.size() + 1);
        response.send(200, with(wire.headers(newId()), "Content-Type", "application/json"),
                      wire.models(m_controls.models(), query));
    } else if (isPost && (path == "/v1/chat/completions" || path == "/v1/messages")) {
        answerChat(request, response, wire);
    } else if (isPost && path == "/v1/messages/count_tokens") {
        countTokens(request, response);
    } else {
        refuse(response, wire, PracticeRefusal::NotFound,
               QStringLiteral("The practice provider has no %1 here.")
                   .arg(QString::fromLatin1(request.method)));
    }
}

void PracticeService::answerChat(const LoopbackRequest &request, LoopbackResponse &response,
                                 const PracticeWire &wire)
{
    const Result<PracticeRequest> asked = wire.readRequest(request.body);
    if (!asked) {
        refuse(response, wire, PracticeRefusal::BadRequest, asked.error().detail);
        return;
    }
    if (&wire == m_anthropic.get() && !asked->maxTokens) {
        refuse(response, wire, PracticeRefusal::BadRequest,
               QStringLiteral("max_tokens: Field required"));
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
    headers.set("Content-Type", "text/event-stream; charset=utf-8");
    headers.set("Cache-Control", "no-cache");
    auto *player = new PracticePlayer(
        response, m_clock, *model, wire.stream(reply), fault,
        wire.streamError(PracticeRefusal::Overloaded,
                         QStringLiteral("Overloaded, as you asked the practice provider to be."),
                         reply.id));
    player->start(headers);
}

void PracticeService::countTokens(const LoopbackRequest &request, LoopbackResponse &response)
{
    const Result<PracticeRequest> asked = m_anthropic->readRequest(request.body);
    if (!asked) {
        refuse(response, *m_anthropic, PracticeRefusal::BadRequest, asked.error().detail);
        return;
    }
    response.send(200, {{"Content-Type", "application/json"}},
                  practiceCompact({{QStringLiteral("input_tokens"), asked->promptTokens}}));
}

void PracticeService::refuse(LoopbackResponse &response, const PracticeWire &wire,
                             PracticeRefusal refusal, const QString &message, HttpHeaders extra)
{
    const QString id = newId();
    HttpHeaders headers = wire.headers(id);
    headers.set("Content-Type", "application/json");
    for (const auto &[name, value] : extra.fields())
        headers.set(name, value);
    response.send(wire.status(refusal), headers, wire.error(refusal, message, id));
}

bool PracticeService::failedAtOnce(const PracticeFaultPlan &plan, LoopbackResponse &response,
                                   const PracticeWire &wire)
{
    const auto fail = [&](PracticeRefusal refusal, const QString &message, HttpHeaders extra = {}) {
        refuse(response, wire, refusal, message, std::move(extra));
        return true;
    };
    switch (plan.fault) {
    case PracticeFault::RateLimited: {
        HttpHeaders extra;
        if (plan.retryAfter.count() > 0)
            extra.set("Retry-After", QByteArray::number(qint64(plan.retryAfter.count())));
        return fail(PracticeRefusal::RateLimited,
                    QStringLiteral("Rate limit reached, as you asked."), extra);
    }
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

bool PracticeService::isAuthorised(const HttpHeaders &headers) const
{
    const QByteArray bearer = headers.value("authorization");
    return isSame(bearer, "Bearer " + m_token.revealCopy()) ||
           isSame(headers.value("x-api-key"), m_token.reveal());
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
