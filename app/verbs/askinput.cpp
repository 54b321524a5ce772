#include "app/verbs/askinput.h"

#include "app/console.h"
#include "app/inputfile.h"
#include "core/chat/attachment.h"

namespace app {

namespace {

constexpr qint64 LargestPrompt = 8 * 1024 * 1024;
constexpr double LongestTimeout = 1'000'000; // seconds; in milliseconds a timer still takes it

} // namespace

core::Result<QString> promptFrom(const CommandLine &line)
{
    if (line.operand && *line.operand != QStringLiteral("-"))
        return *line.operand;
    if (!line.operand && Console::stdinIsTerminal())
        return usageError(QStringLiteral(
            "What shall be asked? farthing ask \"PROMPT\", or give it on standard input."));
    const auto bytes = readInput(std::nullopt, LargestPrompt);
    if (!bytes)
        return bytes.error();
    if (!bytes->isValidUtf8())
        Console::errorLine(QStringLiteral("Standard input is not all UTF-8: what is not goes out "
                                          "as U+FFFD."));
    return QString::fromUtf8(*bytes);
}

core::Result<std::optional<std::chrono::milliseconds>> timeoutFrom(const CommandLine &line)
{
    if (!line.has(QStringLiteral("--timeout")))
        return std::optional<std::chrono::milliseconds>();
    bool ok = false;
    const double seconds = line.value(QStringLiteral("--timeout")).toDouble(&ok);
    if (!ok || !(seconds > 0.0 && seconds <= LongestTimeout))
        return usageError(
            QStringLiteral("--timeout takes seconds, more than 0 and up to 1000000."));
    return std::optional(
        std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(seconds)));
}

core::Result<core::ChatOptions> optionsFrom(const CommandLine &line)
{
    core::ChatOptions options;
    options.system = line.value(QStringLiteral("--system"));
    if (line.has(QStringLiteral("--max-output-tokens"))) {
        bool ok = false;
        const int tokens = line.value(QStringLiteral("--max-output-tokens")).toInt(&ok);
        if (!ok || tokens < 1)
            return usageError(QStringLiteral("--max-output-tokens takes a whole number from 1."));
        options.maxOutputTokens = tokens;
    }
    if (line.has(QStringLiteral("--temperature"))) {
        bool ok = false;
        const double temperature = line.value(QStringLiteral("--temperature")).toDouble(&ok);
        if (!ok || !(temperature >= 0.0 && temperature <= 2.0))
            return usageError(QStringLiteral("--temperature takes a number from 0 to 2."));
        options.temperature = temperature;
    }
    return options;
}

core::Result<QList<core::AttachmentPart>> attachmentsFrom(const CommandLine &line)
{
    QList<core::AttachmentPart> attachments;
    for (const QString &path : line.all(QStringLiteral("--attach"))) {
        const auto bytes = readInput(path, core::LargestAttachment);
        if (!bytes)
            return bytes.error();
        const auto attachment = core::attachmentFrom(path, *bytes);
        if (!attachment)
            return attachment.error();
        attachments.append(*attachment);
    }
    return attachments;
}

} // namespace app
