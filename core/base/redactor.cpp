#include "core/base/redactor.h"

#include <QRegularExpression>

#include <algorithm>

namespace core {

namespace {

constexpr QLatin1StringView Mark("[redacted]");

//! Key shapes of the providers, and headers or parameters whose value is one.
const QRegularExpression &keyPattern()
{
    // Never destroyed: Qt itself logs after the statics have gone.
    static const auto &pattern = *new QRegularExpression(QStringLiteral(
        R"((?i:\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,})"
        R"(|\bsk-[A-Za-z0-9_-]{8,})"
        R"(|\b(?:gsk|xai|nvapi|hf|ghp|pplx|csk|r8)[-_][A-Za-z0-9_-]{16,})"
        R"(|\bAIza[A-Za-z0-9_-]{20,})"
        R"(|\b(?:AKIA|ASIA|ABSK)[A-Za-z0-9+/=]{12,})"
        R"(|(?i:\b(?:x-)?(?:goog-)?api[-_]?key|authorization|signature|access[-_]?token|secret)["']?\s*[:=]\s*["']?(?:(?i:bearer|basic)\s+)?[^\s"',;&]{6,})"));
    return pattern;
}

} // namespace

Redactor &Redactor::instance()
{
    static auto &redactor = *new Redactor; // never destroyed: see keyPattern()
    return redactor;
}

void Redactor::add(const QByteArray &secret)
{
    const std::lock_guard lock(m_mutex);
    // A deep copy: the owner overwrites its own buffer when it is done.
    m_secrets.emplace_back(secret.constData(), secret.size());
}

void Redactor::remove(const QByteArray &secret)
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find(m_secrets.begin(), m_secrets.end(), secret);
    if (found == m_secrets.end())
        return;
    found->fill('\0');
    m_secrets.erase(found);
}

QString Redactor::redacted(const QString &text) const
{
    constexpr qsizetype Shortest = 4; // shorter "secrets" would eat ordinary words
    QString result = text;
    {
        const std::lock_guard lock(m_mutex);
        for (const QByteArray &secret : m_secrets) {
            if (secret.size() < Shortest)
                continue;
            result.replace(QString::fromUtf8(secret), Mark);
            result.replace(QString::fromLatin1(secret.toPercentEncoding()), Mark);
            result.replace(QString::fromLatin1(secret.toBase64(QByteArray::OmitTrailingEquals)),
                           Mark);
        }
    }
    return result.replace(keyPattern(), QString(Mark));
}

QString redacted(const QString &text)
{
    return Redactor::instance().redacted(text);
}

} // namespace core
