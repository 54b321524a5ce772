#include "core/providers/awskey.h"

#include <algorithm>

namespace core {

namespace {

bool isAccessKeyId(QByteArrayView text)
{
    constexpr qsizetype Shortest = 16;
    constexpr qsizetype Longest = 128;
    return text.size() >= Shortest && text.size() <= Longest &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

} // namespace

std::optional<AwsCredentials> awsCredentialsFrom(const SecretString &key)
{
    const QByteArrayView text = key.reveal();
    const qsizetype first = text.indexOf(':');
    if (first < 0 || !isAccessKeyId(text.first(first)))
        return std::nullopt;
    const QByteArrayView rest = text.sliced(first + 1);
    const qsizetype second = rest.indexOf(':');
    AwsCredentials credentials;
    credentials.accessKeyId = text.first(first).toByteArray();
    credentials.secretAccessKey =
        SecretString((second < 0 ? rest : rest.first(second)).toByteArray());
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
