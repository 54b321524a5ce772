#include "core/client/foreignnames.h"

#include "core/base/redactor.h"

namespace core {

namespace {

void redact(QString &text)
{
    if (!text.isEmpty())
        text = redacted(text);
}

void redactModel(QString &model, const QString &asked)
{
    if (model != asked)
        redact(model);
}

void redactNames(Usage &usage, const QString &asked)
{
    redactModel(usage.model, asked);
    for (QString *name : {&usage.serviceTier, &usage.inferenceGeo, &usage.speed})
        redact(*name);
    if (!usage.raw.isEmpty())
        usage.raw = redacted(QString::fromUtf8(usage.raw)).toUtf8();
    for (Usage &part : usage.parts)
        redactNames(part, asked);
}

} // namespace

void redactNames(StreamEvent &event, const QString &asked)
{
    if (auto *started = std::get_if<ReplyStarted>(&event)) {
        redactModel(started->model, asked);
        redact(started->requestId);
    } else if (auto *report = std::get_if<UsageReport>(&event)) {
        redactNames(report->usage, asked);
    } else if (auto *call = std::get_if<ToolCallDelta>(&event)) {
        redact(call->id);
        redact(call->name);
    } else if (auto *finish = std::get_if<Finish>(&event)) {
        redact(finish->raw);
    }
}

void redactNames(Error &error)
{
    for (QString *name : {&error.detail, &error.providerCode, &error.requestId, &error.rawBody})
        redact(*name);
}

void redactNames(ResponseFacts &facts)
{
    redact(facts.requestId);
}

} // namespace core
