#include "core/providers/openaierror.h"

#include "core/base/redactor.h"
#include "core/net/retryafter.h"
#include "core/providers/errorfacts.h"
#include "core/providers/errorwords.h"
#include "core/providers/ratelimits.h"

namespace core {

namespace {

//! An error as the service words it, whatever the shape.
struct Wording
{
    QString code, type;
    QStringList codes; //!< These two, and what else names it.
    QString message;
    QString foreign;   //!< What only quotes the request, and is shown but not judged.
    QString parameter; //!< Of the request, that it is about.
    int status = 0;    //!< That the body names; 0: none.

    [[nodiscard]] bool says(const char *word) const
    {
        return code == QLatin1StringView(word) || type == QLatin1StringView(word);
    }
};

void readMessage(Wording &wording, const JsonElement &object)
{
    if (const auto message = member(object, "message")) {
        wording.message = anyText(*message);
        if (wording.message.isEmpty())
            wording.foreign = QString::fromUtf8(rawJson(*message)); // Mistral: an object
    } else if (const auto detail = member(object, "detail")) {
        if (detail->is_string())
            wording.message = anyText(*detail);
        else
            wording.foreign = QString::fromUtf8(rawJson(*detail)); // FastAPI: a list
    }
}

//! What OpenRouter says beside the message.
void readMetadata(Wording &wording, const JsonElement &metadata)
{
    if (member(metadata, "reasons") || member(metadata, "flagged_input"))
        wording.codes.append(QStringLiteral("flagged_input"));
    for (const char *name : {"limit_source", "reason"})
        wording.codes.append(textMember(metadata, name).value_or(QString()));
    const QString type = textMember(metadata, "error_type").value_or(QString());
    // Here it is a message of the wrong form, elsewhere what a filter refused.
    const bool isForm = type == QStringLiteral("invalid_prompt");
    wording.codes.append(isForm ? QStringLiteral("invalid_request") : type);
    const auto raw = member(metadata, "raw"); // what the service behind it said
    const QString said = !raw               ? QString()
                         : raw->is_string() ? anyText(*raw)
                                            : QString::fromUtf8(rawJson(*raw));
    if (!said.isEmpty())
        wording.message += QStringLiteral(" (") + said + QLatin1Char(')');
}

Wording wordingOf(const JsonElement &body)
{
    Wording wording;
    JsonElement error = body;
    if (const auto wrapped = member(body, "error")) {
        if (wrapped->is_object())
            error = *wrapped;
        else
            wording.message = anyText(*wrapped);
    } else if (const auto foreign = foreignError(body)) {
        error = *foreign;
        wording.message = textMember(error, "status_msg").value_or(QString());
        if (const auto status = member(error, "status_code"))
            wording.code = anyText(*status);
    }
    if (const auto code = member(error, "code"))
        wording.code = anyText(*code);
    if (const auto type = member(error, "type"))
        wording.type = anyText(*type);
    wording.codes = QStringList{wording.code, wording.type};
    for (const JsonElement &holder : {error, body}) {
        if (wording.message.isEmpty() && wording.foreign.isEmpty())
            readMessage(wording, holder);
    }
    wording.parameter = textMember(error, "param").value_or(QString()).left(100);
    wording.status = namedStatus(error);
    for (const char *name : {"innererror", "inner_error"}) { // Azure
        if (const auto inner = member(error, name))
            wording.codes.append(textMember(*inner, "code").value_or(QString()));
    }
    wording.codes.append(textMember(error, "error_type").value_or(QString()));
    if (const auto metadata = member(error, "metadata"))
        readMetadata(wording, *metadata);
    return wording;
}

//! What google.rpc.RetryInfo among the details of an error asks for.
std::optional<std::chrono::milliseconds> retryInfoIn(const JsonElement &body)
{
    simdjson::dom::array details;
    const auto list = member(member(body, "error").value_or(body), "details");
    if (!list || list->get(details) != simdjson::SUCCESS)
        return std::nullopt;
    for (const JsonElement each : details) {
        const auto delay = textMember(each, "retryDelay");
        if (const auto hint = delay ? parseDuration(delay->toUtf8()) : std::nullopt)
            return hint;
    }
    return std::nullopt;
}

//! The wait in what OpenRouter says beside the message: for itself, or as a copy of headers.
std::optional<std::chrono::milliseconds> waitInMetadata(const JsonElement &body,
                                                        const HttpHeaders &headers)
{
    const auto metadata = member(member(body, "error").value_or(body), "metadata");
    if (!metadata)
        return std::nullopt;
    if (const auto seconds = member(*metadata, "retry_after_seconds")) {
        if (const auto wait = parseDuration(anyText(*seconds).toLatin1() + 's'))
            return wait;
    }
    simdjson::dom::object fields;
    const auto copy = member(*metadata, "headers");
    if (!copy || copy->get(fields) != simdjson::SUCCESS)
        return std::nullopt;
    HttpHeaders copied{{"date", headers.value("date")}};
    for (const auto &[name, value] : fields)
        copied.add(toText(name).toLatin1(), anyText(value).toLatin1());
    if (const auto wait = retryAfterHint(copied))
        return wait;
    ResponseFacts facts;
    readCommonLimits(copied, ResetUnit::Seconds, facts);
    return resetHint(facts);
}

bool isUnknownModel(const Wording &w, int status)
{
    const bool isNamed = w.message.contains(QStringLiteral("model"), Qt::CaseInsensitive) &&
                         (status == 404 || w.says("not_found_error") || w.says("NotFoundError"));
    return isNamed || (status == 404 && w.says("NotFoundError"));
}

ErrorKind kindOf(const Wording &w, int status)
{
    if (const auto kind = kindOfWords({w.codes, w.message, status}))
        return *kind;
    if (isUnknownModel(w, status))
        return ErrorKind::ModelNotFound;
    if (status >= 400)
        return kindOfStatus(status);
    return kindOfStreamCodes(w.codes).value_or(ErrorKind::ServerError);
}

//! What the service says, with the parameter that it objects to and does not say in words.
QString detailOf(const Wording &wording, ErrorKind kind)
{
    const QString &said = wording.message.isEmpty() ? wording.foreign : wording.message;
    const QString &name = wording.parameter;
    if (kind != ErrorKind::InvalidRequest || name.isEmpty() || said.contains(name))
        return said;
    return (said + QStringLiteral(" (") + name + QLatin1Char(')')).trimmed();
}

} // namespace

Error openAiError(int status, const HttpHeaders &headers, const JsonElement &body)
{
    const Wording wording = wordingOf(body);
    const int effective = status >= 400 ? status : wording.status;
    Error error;
    error.kind = kindOf(wording, effective);
    error.httpStatus = status;
    error.providerCode = (wording.code.isEmpty() ? wording.type : wording.code).left(200);
    error.detail = redacted(detailOf(wording, error.kind)).left(500);
    if (mayCarryHint(effective, headers))
        error.retryAfter = retryInfoIn(body);
    addHttpFacts(error, status, headers, rawJson(body));
    if (!waits(error.kind))
        return error;
    // A status that otherwise means no retry (OpenRouter's 402 of credit that is held for a while).
    if (!error.retryAfter && status >= 400)
        error.retryAfter = retryAfterHint(headers);
    if (!error.retryAfter)
        error.retryAfter = waitInMetadata(body, headers);
    if (!error.retryAfter)
        error.retryAfter = waitSaidIn(wording.message);
    return error;
}

Error openAiError(int status, const HttpHeaders &headers, const QByteArray &body)
{
    JsonReader reader;
    auto element = reader.parse(QByteArrayView(body).trimmed());
    // Google's compatible endpoint wraps its error in a list.
    simdjson::dom::array list;
    if (element && element->get(list) == simdjson::SUCCESS && list.size() > 0)
        element = list.at(0).value();
    if (element && element->is_object()) {
        Error error = openAiError(status, headers, *element);
        addHttpFacts(error, status, headers, body);
        return error;
    }
    Error error;
    error.kind = kindOfStatus(status);
    error.detail = QStringLiteral("HTTP status %1; the body is not JSON.").arg(status);
    addHttpFacts(error, status, headers, body);
    return error;
}

} // namespace core
