#pragma once

#include <QString>
#include <QUrl>

#include <algorithm>
#include <iterator>

namespace tests {

//! Whom `farthing ask` asks so that a protocol is spoken.
struct AskTarget
{
    const char *protocol;
    const char *provider;
    const char *basePath; //!< What the base URL ends with, as the provider's own does.
    const char *keyVariable;
};

inline constexpr AskTarget AskTargets[] = {
    {"openai-chat", "custom", "/v1", "FARTHING_API_KEY"},
    {"anthropic", "anthropic", "", "ANTHROPIC_API_KEY"},
    {"gemini", "google", "", "GEMINI_API_KEY"},
    {"cohere", "cohere", "", "CO_API_KEY"},
    {"openai-responses", "openai", "/v1", "OPENAI_API_KEY"},
    {"azure", "azure", "", "AZURE_OPENAI_API_KEY"},
    {"bedrock", "bedrock", "", "AWS_BEARER_TOKEN_BEDROCK"},
};

inline const AskTarget &askTarget(const QString &protocol)
{
    return *std::find_if(std::begin(AskTargets), std::end(AskTargets),
                         [&protocol](const AskTarget &target) {
                             return protocol == QLatin1StringView(target.protocol);
                         });
}

//! The value of --target, for a server that listens at \p root.
inline QString targetOption(const AskTarget &target, QUrl root)
{
    root.setPath(QString::fromLatin1(target.basePath));
    return QStringLiteral("%1/model@%2").arg(QString::fromLatin1(target.provider), root.toString());
}

} // namespace tests
