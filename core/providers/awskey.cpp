#include "core/providers/awskey.h"

#include <algorithm>

namespace core {

namespace {

//! AWS's own are 16 or more of A-Z and 0-9; services that stand in for it take any word.
bool isAccessKeyId(QByteArrayView text)
{
    constexpr qsizetype Longest = 128;
    const auto isOfWord = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '.';
    };
    return !text.isEmpty() && text.size() <= Longest &&
           std::all_of(text.begin(), text.end(), isOfWord);
}

} // namespace

bool isAwsPair(const SecretString &key)
{
    return key.reveal().contains(':');
}

std::optional<AwsCredentials> awsCredentialsFrom(const SecretString &key)
{
    if (!isAwsPair(key))
        return std::nullopt;
    const QByteArrayView text = key.reveal();
    const qsizetype first = text.indexOf(':');
    const QByteArrayView rest = text.sliced(first + 1);
    const qsizetype second = rest.indexOf(':');
    const QByteArrayView secret = second < 0 ? rest : rest.first(second);
    if (!isAccessKeyId(text.first(first)) || secret.isEmpty())
        return std::nullopt;
    AwsCredentials credentials;
    credentials.accessKeyId = text.first(first).toByteArray();
    credentials.secretAccessKey = SecretString(secret.toByteArray());
    if (second >= 0)
        credentials.sessionToken = SecretString(rest.sliced(second + 1).toByteArray());
    return credentials;
}

QByteArray awsRegionOf(const QUrl &url)
{
    const QList<QByteArray> labels = url.host().toLatin1().split('.');
    for (qsizetype i = 0; i + 1 < labels.size(); ++i) {
        if (labels[i].startsWith("bedrock") && labels[i + 1].count('-') >= 2)
            return labels[i + 1];
    }
    return "us-east-1";
}

} // namespace core
