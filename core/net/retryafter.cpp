#include "core/net/retryafter.h"

#include <QDateTime>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <cmath>

namespace core {

namespace {

using std::chrono::milliseconds;

// Longer values are no number that anyone meant; parsing megabytes would only cost time.
constexpr qsizetype MaxLength = 64;

//! A hint of that many milliseconds; none unless it is finite and positive.
std::optional<milliseconds> hintOf(double count)
{
    if (!std::isfinite(count) || count <= 0)
        return std::nullopt;
    if (count >= static_cast<double>(MaxHint.count()))
        return MaxHint;
    return milliseconds(static_cast<milliseconds::rep>(std::ceil(count)));
}

std::optional<double> numberOf(QByteArrayView text)
{
    bool ok = false;
    const double number = text.toDouble(&ok);
    return ok ? std::optional(number) : std::nullopt;
}

std::optional<int> smallNumberOf(const QByteArray &text)
{
    const bool digitsOnly = !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) {
        return c >= '0' && c <= '9';
    });
    if (!digitsOnly || text.size() > 4)
        return std::nullopt;
    return text.toInt();
}

std::optional<int> monthOf(const QByteArray &name)
{
    static constexpr std::array<const char *, 12> Names = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto known =
        std::find_if(Names.begin(), Names.end(), [&](const char *month) { return name == month; });
    if (known == Names.end())
        return std::nullopt;
    return static_cast<int>(known - Names.begin()) + 1;
}

QList<QByteArray> wordsOf(QByteArrayView text)
{
    QList<QByteArray> words;
    QByteArray word;
    for (const char c : text) {
        const bool isSeparator = c == ' ' || c == ',' || c == '-' || c == ':';
        if (!isSeparator) {
            word += c;
        } else if (!word.isEmpty()) {
            words.append(word);
            word.clear();
        }
    }
    if (!word.isEmpty())
        words.append(word);
    return words;
}

constexpr std::int64_t FirstInstant = 1'000'000'000;  // s: in 2001; as a wait it were 31 years
constexpr std::int64_t LastInstant = 100'000'000'000; // s: the year 5138

//! Milliseconds in a unit of Go's durations; none if the word is no unit.
std::optional<double> millisecondsPer(QByteArrayView unit)
{
    if (unit == "h")
        return 3'600'000;
    if (unit == "m")
        return 60'000;
    if (unit == "s")
        return 1000;
    if (unit == "ms")
        return 1;
    if (unit == "us" || unit == "\u00b5s" || unit == "\u03bcs") // both signs for micro
        return 1e-3;
    if (unit == "ns")
        return 1e-6;
    return std::nullopt;
}

bool isNumeral(char c)
{
    return (c >= '0' && c <= '9') || c == '.';
}

bool hasZone(QByteArrayView text)
{
    if (text.endsWith('Z') || text.endsWith('z'))
        return true;
    const QByteArrayView offset = text.last(std::min<qsizetype>(6, text.size()));
    return offset.size() == 6 && (offset[0] == '+' || offset[0] == '-') && offset[3] == ':';
}

} // namespace

std::optional<milliseconds> retryAfterHint(const HttpHeaders &headers)
{
    const QByteArray inMilliseconds = headers.value("retry-after-ms").trimmed();
    if (inMilliseconds.size() <= MaxLength) {
        if (const auto number = numberOf(inMilliseconds)) {
            if (const auto hint = hintOf(*number))
                return hint;
        }
    }
    const QByteArray retryAfter = headers.value("retry-after").trimmed();
    if (retryAfter.size() > MaxLength)
        return std::nullopt;
    if (const auto seconds = numberOf(retryAfter))
        return hintOf(*seconds * 1000);
    const auto due = parseHttpDate(retryAfter);
    const auto sent = parseHttpDate(headers.value("date"));
    if (!due || !sent)
        return std::nullopt;
    return hintOf(static_cast<double>((*due - *sent).count()));
}

bool mayCarryHint(int status, const HttpHeaders &headers)
{
    constexpr int FirstError = 400, RequestTimeout = 408, Conflict = 409, TooManyRequests = 429,
                  FirstServerError = 500;
    return status == RequestTimeout || status == Conflict || status == TooManyRequests ||
           status >= FirstServerError ||
           (status >= FirstError && shouldRetryHint(headers).value_or(false));
}

std::optional<bool> shouldRetryHint(const HttpHeaders &headers)
{
    const QByteArray word = headers.value("x-should-retry").trimmed();
    if (word.compare("true", Qt::CaseInsensitive) == 0)
        return true;
    if (word.compare("false", Qt::CaseInsensitive) == 0)
        return false;
    return std::nullopt;
}

std::optional<milliseconds> parseDuration(QByteArrayView text)
{
    text = text.trimmed();
    if (text.isEmpty() || text.size() > MaxLength)
        return std::nullopt;
    double total = 0;
    while (!text.isEmpty()) {
        const auto unitBegin = std::find_if_not(text.begin(), text.end(), isNumeral);
        const auto unitEnd = std::find_if(unitBegin, text.end(), isNumeral);
        const QByteArrayView numeral(text.begin(), unitBegin);
        const auto number = numberOf(numeral);
        const auto factor = millisecondsPer(QByteArrayView(unitBegin, unitEnd));
        if (!number || !factor)
            return std::nullopt;
        total += *number * *factor;
        text = QByteArrayView(unitEnd, text.end());
    }
    return hintOf(total);
}

std::optional<milliseconds> waitSaidIn(const QString &message)
{
    static const QRegularExpression words(
        QStringLiteral("(?:again in|retry in|retry after|please wait) (?:"
                       "((?:\\d{1,9}(?:\\.\\d{1,12})?(?:h|ms|m|s))+)|"
                       "(\\d{1,9}(?:\\.\\d{1,12})?) ?(second|sec|minute|min|hour)s?)\\b"),
        QRegularExpression::CaseInsensitiveOption);
    const QRegularExpressionMatch match = words.match(message);
    if (!match.hasMatch())
        return std::nullopt;
    const QString duration =
        match.hasCaptured(1) ? match.captured(1) : match.captured(2) + match.captured(3).at(0);
    return parseDuration(duration.toLower().toLatin1());
}

bool isInstant(std::int64_t count)
{
    return count >= FirstInstant;
}

std::optional<milliseconds> untilInstant(std::int64_t count, const HttpHeaders &headers)
{
    constexpr std::int64_t PerSecond = 1000;
    const auto sent = parseHttpDate(headers.value("date"));
    const bool isInSeconds = count >= FirstInstant && count <= LastInstant;
    const bool isInMilliseconds =
        count >= FirstInstant * PerSecond && count <= LastInstant * PerSecond;
    if (!sent || !(isInSeconds || isInMilliseconds))
        return std::nullopt;
    const UtcTime due(milliseconds(isInSeconds ? count * PerSecond : count));
    return hintOf(static_cast<double>((due - *sent).count()));
}

std::optional<milliseconds> untilRfc3339(QByteArrayView text, UtcTime now)
{
    text = text.trimmed();
    // Without a zone Qt would read local time: no hint is better than one that is hours off.
    if (text.size() > MaxLength || !hasZone(text))
        return std::nullopt;
    const QDateTime due =
        QDateTime::fromString(QString::fromLatin1(text).toUpper(), Qt::ISODateWithMs);
    if (!due.isValid())
        return std::nullopt;
    const auto wait = milliseconds(due.toMSecsSinceEpoch()) - now.time_since_epoch();
    return hintOf(static_cast<double>(wait.count()));
}

std::optional<UtcTime> parseHttpDate(QByteArrayView text)
{
    if (text.size() > MaxLength)
        return std::nullopt;
    QList<QByteArray> words = wordsOf(text.trimmed());
    // "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT": day, month, year, time.
    // "Sun Nov  6 08:49:37 1994": month, day, time, year. The day's name says nothing new.
    if (words.size() == 7 && monthOf(words[1])) {
        words.insert(3, words.takeLast());
        words.swapItemsAt(1, 2);
    } else if (words.size() != 8 || words[7] != "GMT") {
        return std::nullopt;
    }
    const auto day = smallNumberOf(words[1]);
    const auto month = monthOf(words[2]);
    auto year = smallNumberOf(words[3]);
    const auto hour = smallNumberOf(words[4]);
    const auto minute = smallNumberOf(words[5]);
    const auto second = smallNumberOf(words[6]);
    if (!day || !month || !year || !hour || !minute || !second)
        return std::nullopt;
    if (words[3].size() == 2)
        year = *year + (*year < 70 ? 2000 : 1900);
    const QDate date(*year, *month, *day);
    const QTime time(*hour, *minute, std::min(*second, 59)); // a leap second has no name here
    if (!date.isValid() || !time.isValid() || *second > 60)
        return std::nullopt;
    return UtcTime(milliseconds(QDateTime(date, time, Qt::UTC).toMSecsSinceEpoch()));
}

} // namespace core
