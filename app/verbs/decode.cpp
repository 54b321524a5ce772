#include "app/console.h"
#include "app/inputfile.h"
#include "app/replyjson.h"
#include "app/verbs/verbs.h"
#include "core/providers/builtinproviders.h"
#include "core/providers/providerregistry.h"
#include "core/providers/ratelimits.h"

#include <algorithm>
#include <utility>

namespace app {

namespace {

constexpr qint64 LargestBody = 64 * 1024 * 1024;
constexpr int FirstRedirect = 300; // HTTP status
constexpr int FirstError = 400;

//! Sizes of the pieces a body is fed in.
class Pieces
{
public:
    //! "" (whole), "N" or "random:SEED".
    [[nodiscard]] static core::Result<Pieces> parse(const QString &text)
    {
        Pieces pieces;
        bool ok = true;
        if (text.startsWith(QStringLiteral("random:"))) {
            pieces.m_seed = text.mid(7).toULongLong(&ok);
            pieces.m_random = true;
        } else if (!text.isEmpty()) {
            pieces.m_size = text.toLongLong(&ok);
            ok = ok && pieces.m_size > 0;
        }
        if (!ok)
            return usageError(QStringLiteral("--chunk takes a number of bytes or random:SEED."));
        return pieces;
    }

    [[nodiscard]] qsizetype next(qsizetype rest)
    {
        if (!m_random)
            return m_size > 0 ? std::min(m_size, rest) : rest;
        constexpr std::uint64_t Longest = 200;
        m_seed = m_seed * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
        return std::min(static_cast<qsizetype>((m_seed >> 33U) % Longest) + 1, rest);
    }

private:
    qsizetype m_size = 0;
    bool m_random = false;
    std::uint64_t m_seed = 0;
};

//! The first byte of \p body that is neither space nor byte order mark; 0: there is none.
char firstSign(const QByteArray &body)
{
    constexpr QByteArrayView ByteOrderMark("\xEF\xBB\xBF");
    qsizetype at = body.startsWith(ByteOrderMark) ? ByteOrderMark.size() : 0;
    while (at < body.size() && QByteArrayView(" \t\r\n").contains(body.at(at)))
        ++at;
    return at < body.size() ? body.at(at) : '\0';
}

core::Result<core::HttpHeaders> headersFrom(const QStringList &lines, const QByteArray &body)
{
    core::HttpHeaders headers;
    for (const QString &line : lines) {
        const qsizetype colon = line.indexOf(QLatin1Char(':'));
        if (colon <= 0)
            return usageError(
                QStringLiteral("'%1' is not a header. Example: --header 'retry-after: 3'")
                    .arg(line));
        headers.add(line.left(colon).trimmed().toUtf8(), line.mid(colon + 1).trimmed().toUtf8());
    }
    const char first = firstSign(body);
    // One JSON document, whatever its header says: a recording may have lost its own, or have
    // another's.
    if (first == '{' || first == '[')
        headers.set("content-type", "application/json");
    else if (!headers.contains("content-type"))
        headers.add("content-type", first == '<' ? "text/html" : "text/event-stream");
    return headers;
}

//! Feeds a body to a decoder and prints what comes out.
class Printer
{
public:
    //! \p requestId: the one of the head, for who has none in its body.
    Printer(const QString &protocol, const QString &requestId)
        : m_protocol(protocol)
        , m_requestId(requestId)
    {
    }

    void print(core::StreamEvents events)
    {
        for (core::StreamEvent &event : events) {
            if (auto *started = std::get_if<core::ReplyStarted>(&event)) {
                if (started->requestId.isEmpty())
                    started->requestId = m_requestId;
                m_requestId = started->requestId;
                m_finished.model = started->model;
            } else if (const auto *usage = std::get_if<core::UsageReport>(&event)) {
                m_finished.usage = usage->usage;
            } else if (const auto *finish = std::get_if<core::Finish>(&event)) {
                m_finished.finish = *finish;
            }
        }
        for (const QString &line : m_lines.lines(events))
            Console::outLine(line);
    }

    ExitCode end(const std::optional<core::Error> &error)
    {
        if (error)
            m_lines.dropCutCalls();
        for (const QString &line : m_lines.flush())
            Console::outLine(line);
        m_finished.text = m_lines.text();
        if (error) {
            m_finished.finish.reset();
            m_finished.error = *error;
            fillIn(m_finished.error);
        }
        Console::outLine(m_finished.toString());
        return error ? exitCodeFor(*error, !m_finished.text.isEmpty()) : ExitCode::Success;
    }

private:
    //! What a call knows of its attempt and its target.
    void fillIn(core::Error &error) const
    {
        constexpr int Ok = 200;
        if (error.httpStatus == 0)
            error.httpStatus = Ok; // else the body was read as an error's
        if (error.requestId.isEmpty())
            error.requestId = m_requestId;
        if (error.provider.isEmpty())
            error.provider = m_protocol; // its sentence names somebody
    }

    QString m_protocol;
    QString m_requestId;
    EventLines m_lines;
    FinishedLine m_finished;
};

ExitCode decodeStream(core::StreamDecoder &decoder, const QByteArray &body, Pieces pieces,
                      Printer printer)
{
    for (qsizetype at = 0; at < body.size();) {
        const qsizetype size = pieces.next(body.size() - at);
        const auto events = decoder.decode(QByteArrayView(body).sliced(at, size));
        if (!events) {
            printer.print(decoder.takeEvents());
            return printer.end(events.error());
        }
        printer.print(*events);
        at += size;
    }
    const auto last = decoder.finish();
    if (!last) {
        printer.print(decoder.takeEvents());
        return printer.end(last.error());
    }
    printer.print(*last);
    return printer.end(std::nullopt);
}

} // namespace

ExitCode runDecode(const CommandLine &line)
{
    const auto providers = core::ProviderRegistry::fromJson(core::builtInProviders());
    if (!providers)
        return fail(providers.error());
    const core::ProviderAdapter *adapter =
        providers->adapter(line.value(QStringLiteral("--protocol")));
    if (!adapter)
        return fail(usageError(QStringLiteral("Name the protocol with --protocol: %1.")
                                   .arg(providers->protocols().join(QStringLiteral(", ")))));
    const auto pieces = Pieces::parse(line.value(QStringLiteral("--chunk")));
    if (!pieces)
        return fail(pieces.error());
    bool statusOk = true;
    const int status = line.has(QStringLiteral("--status"))
                           ? line.value(QStringLiteral("--status")).toInt(&statusOk)
                           : 200;
    if (!statusOk || status < 100 || status > 599)
        return fail(usageError(QStringLiteral("--status takes an HTTP status from 100 to 599.")));
    const auto packed = readInput(line.operand, LargestBody);
    if (!packed)
        return fail(packed.error());
    const auto body = inflated(*packed, LargestBody);
    if (!body)
        return fail(body.error());
    const auto headers = headersFrom(line.all(QStringLiteral("--header")), *body);
    if (!headers)
        return fail(headers.error());
    const core::ResponseFacts facts = adapter->readHeaders(*headers);
    Printer printer(line.value(QStringLiteral("--protocol")), facts.requestId);
    if (status != 200) {
        core::Error error = adapter->readError(status, *headers, *body);
        if (status >= FirstRedirect && status < FirstError) // no body tells it: a call goes by this
            error.kind = core::ErrorKind::Redirected;
        if (!error.retryAfter && error.kind == core::ErrorKind::RateLimited) // as in a call
            error.retryAfter = core::resetHint(facts);
        return printer.end(error);
    }
    return decodeStream(*adapter->makeDecoder(*headers), *body, *pieces, std::move(printer));
}

} // namespace app
