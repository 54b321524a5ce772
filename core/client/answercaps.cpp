#include "core/client/answercaps.h"

#include <algorithm>

namespace core {

namespace {

std::int64_t utf8Bytes(const QString &text)
{
    std::int64_t bytes = 0;
    for (const QChar c : text) {
        if (c.unicode() < 0x80)
            bytes += 1;
        else if (c.unicode() < 0x800 || c.isSurrogate()) // half of four
            bytes += 2;
        else
            bytes += 3;
    }
    return bytes;
}

Error tooLong(const char *what)
{
    return makeError(
        ErrorKind::ProtocolError,
        QStringLiteral("The answer is longer than allowed: %1.").arg(QLatin1StringView(what)));
}

} // namespace

void AnswerCaps::add(const StreamEvent &event)
{
    if (const auto *text = std::get_if<TextDelta>(&event)) {
        m_textBytes += utf8Bytes(text->text);
    } else if (const auto *reasoning = std::get_if<ReasoningDelta>(&event)) {
        m_textBytes += utf8Bytes(reasoning->text);
    } else if (const auto *call = std::get_if<ToolCallDelta>(&event)) {
        std::int64_t &bytes = m_arguments[call->index];
        bytes += call->arguments.size();
        m_mostArguments = std::max(m_mostArguments, bytes);
    }
}

std::optional<Error> AnswerCaps::excess() const
{
    if (m_textBytes > MostTextBytes)
        return tooLong("2 MiB of text");
    if (m_mostArguments > MostArgumentBytes)
        return tooLong("1 MiB of arguments for a tool");
    return std::nullopt;
}

} // namespace core
