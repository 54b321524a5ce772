#include "core/base/redactor.h"

#include <QRegularExpression>

#include <algorithm>

namespace core {

namespace {

constexpr QLatin1StringView Mark("[redacted]");
//! What keyPattern() finds at least: "sk-" and eight more. Most names that services give are
//! shorter.
constexpr qsizetype ShortestPattern = 11;
//! Less of a key is no use, and may be the end of a word.
constexpr qsizetype LeastLeft = 8;

//! Whether \p text has no room for a form of \p secret (three bytes or fewer a character), nor for
//! what a cut may leave of one.
bool isTooShortFor(const QString &text, const QByteArray &secret)
{
    constexpr qsizetype MostBytes = 3;
    return text.size() < LeastLeft && text.size() * MostBytes < secret.size();
}

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
        // Names of variables, too: MISTRAL_API_KEY, aws_secret_access_key, SecretAccessKey.
        R"(|(?i:(?:x-)?(?:goog-)?api[-_]?key|authorization|signature|(?:access|refresh|security|session)[-_]?token|secret(?:[-_]?access)?(?:[-_]?key)?)["']?\s*[:=]\s*["']?(?:(?i:bearer|basic)\s+)?[^\s"',;&]{6,})"));
    return pattern;
}

//! \p text with the escapes of JSON undone, and where each of its characters stands in \p text.
struct Unescaped
{
    explicit Unescaped(const QString &text)
    {
        plain.reserve(text.size());
        for (qsizetype at = 0; at < text.size();) {
            places.push_back(at);
            const bool isEscape = text.at(at) == u'\\' && at + 1 < text.size();
            if (isEscape && text.at(at + 1) == u'u' && at + 6 <= text.size()) {
                bool isHex = false;
                const ushort unit = QStringView(text).sliced(at + 2, 4).toUShort(&isHex, 16);
                plain += isHex ? QChar(unit) : text.at(at);
                at += isHex ? 6 : 1;
            } else {
                // Of the others only these three can stand in a key; the rest only parts words.
                const bool isItself = isEscape && QStringView(u"/\\\"").contains(text.at(at + 1));
                plain += isItself ? text.at(at + 1) : text.at(at);
                at += isItself ? 2 : 1;
            }
        }
        places.push_back(text.size());
    }
    QString plain;
    std::vector<qsizetype> places;
};

//! Marks \p form in \p text, however it is cased (hosts are lower) or JSON escapes it, and what a
//! cut has left of it at the end.
void mark(QString &text, const QString &form)
{
    text.replace(form, Mark, Qt::CaseInsensitive);
    if (text.contains(u'\\')) {
        const Unescaped unescaped(text);
        qsizetype from = unescaped.plain.lastIndexOf(form, -1, Qt::CaseInsensitive);
        while (from >= 0) {
            const qsizetype begin = unescaped.places[static_cast<std::size_t>(from)];
            const qsizetype end = unescaped.places[static_cast<std::size_t>(from + form.size())];
            text.replace(begin, end - begin, Mark);
            from = from < form.size()
                       ? -1
                       : unescaped.plain.lastIndexOf(form, from - form.size(), Qt::CaseInsensitive);
        }
    }
    const qsizetype most = std::min(text.size(), form.size() - 1);
    for (qsizetype size = most; size >= LeastLeft; --size) {
        if (text.endsWith(QStringView(form).first(size), Qt::CaseInsensitive)) {
            text.replace(text.size() - size, size, Mark);
            return;
        }
    }
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
            if (secret.size() < Shortest || isTooShortFor(result, secret))
                continue;
            mark(result, QString::fromUtf8(secret));
            mark(result, QString::fromLatin1(secret.toPercentEncoding()));
            mark(result, QString::fromLatin1(secret.toBase64(QByteArray::OmitTrailingEquals)));
        }
    }
    if (result.size() < ShortestPattern)
        return result;
    return result.replace(keyPattern(), QString(Mark));
}

QString redacted(const QString &text)
{
    return Redactor::instance().redacted(text);
}

} // namespace core
