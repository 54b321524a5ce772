#include "core/store/search.h"

#include <QRegularExpression>

#include <algorithm>
#include <utility>

namespace core {

namespace {

constexpr qsizetype TrigramLength = 3;
constexpr qsizetype SnippetBefore = 24; // a row of the palette begins near the match
constexpr qsizetype SnippetLength = 120;

qsizetype codePoints(const QString &word)
{
    return word.toUcs4().size();
}

//! A phrase of FTS5: everything inside quotes is text, not an operator.
QString phrase(QString word)
{
    word.replace(QLatin1Char('"'), QLatin1StringView("\"\""));
    return QLatin1Char('"') + word + QLatin1Char('"');
}

QString likePattern(QString word)
{
    for (const char16_t special : {u'\\', u'%', u'_'})
        word.replace(QChar(special), QLatin1Char('\\') + QString(QChar(special)));
    return QLatin1Char('%') + word + QLatin1Char('%');
}

//! \p word as it may stand in a text: LIKE knows the cases of ASCII's letters alone. Of characters,
//! one by one: a sharp s is no "SS".
QStringList casesOf(const QString &word)
{
    if (std::all_of(word.begin(), word.end(), [](QChar c) { return c.unicode() < 0x80; }))
        return {word};
    const QList<uint> letters = word.toUcs4();
    QStringList cases;
    for (const auto &[firstIsUpper, othersAreUpper] :
         {std::pair(false, false), std::pair(true, false), std::pair(true, true),
          std::pair(false, true)}) {
        QString one;
        for (qsizetype i = 0; i < letters.size(); ++i) {
            const char32_t letter = letters.at(i);
            const bool isUpper = i == 0 ? firstIsUpper : othersAreUpper;
            const char32_t mapped = isUpper ? QChar::toUpper(letter) : QChar::toLower(letter);
            one += QString::fromUcs4(&mapped, 1);
        }
        cases.append(one);
    }
    cases.removeDuplicates();
    return cases;
}

//! Letters and digits only: what the word index sees as it was typed. It drops signs, so that "C++"
//! would find every word with a c.
bool isPlainWord(const QString &word)
{
    return std::all_of(word.begin(), word.end(), [](QChar c) {
        return c.isLetterOrNumber() || c.isMark() || c.isSurrogate();
    });
}

//! The condition under which a row of message_text t has all words, and its values.
struct Condition
{
    QString text;
    QVariantList values;
};

Condition conditionFor(const QStringList &words)
{
    QStringList phrases;
    QStringList prefixes;
    QStringList plain;
    QVariantList patterns;
    for (const QString &word : words) {
        prefixes.append(phrase(word) + QLatin1Char('*'));
        if (codePoints(word) >= TrigramLength) {
            phrases.append(phrase(word));
        } else {
            QStringList likes;
            for (const QString &one : casesOf(word)) {
                likes.append(QStringLiteral("t.text LIKE ? ESCAPE '\\'"));
                patterns.append(likePattern(one));
            }
            plain.append(QLatin1Char('(') + likes.join(QStringLiteral(" OR ")) + QLatin1Char(')'));
        }
    }
    if (phrases.isEmpty())
        return {plain.join(QStringLiteral(" AND ")), patterns};
    Condition condition;
    QStringList substrings{QStringLiteral(
        "t.id IN (SELECT rowid FROM message_fts_trigram WHERE message_fts_trigram MATCH ?)")};
    substrings += plain;
    condition.values.append(phrases.join(QStringLiteral(" AND ")));
    condition.values += patterns;
    condition.text = QLatin1Char('(') + substrings.join(QStringLiteral(" AND ")) + QLatin1Char(')');
    // The word index knows what the trigrams do not: accents that were not typed.
    if (std::all_of(words.begin(), words.end(), isPlainWord)) {
        condition.text += QStringLiteral(" OR t.id IN (SELECT rowid FROM message_fts "
                                         "WHERE message_fts MATCH ?)");
        condition.values.append(prefixes.join(QStringLiteral(" AND ")));
    }
    return condition;
}

//! What Markdown marks a text with says nothing in one plain line.
QString withoutMarks(QString text)
{
    static const QRegularExpression marks(
        QStringLiteral("\\*\\*|__|`+|^ {0,3}(#{1,6}|>) |^[|: -]+$|\\|"),
        QRegularExpression::MultilineOption);
    return text.replace(marks, QStringLiteral(" "));
}

} // namespace

QString snippetOf(const QString &text, const QStringList &words)
{
    qsizetype place = -1;
    for (const QString &word : words) {
        const qsizetype found = text.indexOf(word, 0, Qt::CaseInsensitive);
        if (found >= 0 && (place < 0 || found < place))
            place = found;
    }
    qsizetype start = std::max<qsizetype>(0, place - SnippetBefore);
    if (start > 0 && text.at(start).isLowSurrogate())
        --start;
    qsizetype end = std::min(text.size(), start + SnippetLength);
    if (end < text.size() && text.at(end).isLowSurrogate())
        ++end;
    QString snippet = withoutMarks(text.mid(start, end - start)).simplified();
    if (start > 0)
        snippet.prepend(QChar(0x2026));
    if (end < text.size())
        snippet.append(QChar(0x2026));
    return snippet;
}

QList<SearchHit> searchTexts(Sql &sql, const QString &text, int limit)
{
    // NUL would end the pattern early.
    QStringList words =
        QString(text).remove(QChar(0)).simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    words.removeDuplicates(); // a page that is pasted: SQLite takes no thousand conditions
    QList<SearchHit> hits;
    if (words.isEmpty() || limit <= 0)
        return hits;
    const Condition condition = conditionFor(words);
    QSqlQuery rows = sql.rows(
        QStringLiteral(
            "SELECT t.id, t.is_title, t.text, coalesce(t.conversation_id, 0), "
            "coalesce(t.comparison_id, c.comparison_id, 0), "
            "coalesce(p.title, c.title, ''), coalesce(m.created_at, c.updated_at, p.updated_at) "
            "FROM message_text t LEFT JOIN conversation c ON c.id = t.conversation_id "
            "LEFT JOIN comparison p ON p.id = coalesce(t.comparison_id, c.comparison_id) "
            "LEFT JOIN message m ON m.id = t.id AND t.is_title = 0 "
            "WHERE coalesce(c.deleted, 0) = 0 AND coalesce(p.deleted, 0) = 0 AND (") +
            condition.text + QStringLiteral(") ORDER BY 7 DESC, t.id DESC LIMIT ?"),
        condition.values + QVariantList{limit});
    while (sql.next(rows)) {
        SearchHit hit;
        hit.messageId = rows.value(1).toBool() ? 0 : rows.value(0).toLongLong();
        hit.conversationId = rows.value(3).toLongLong();
        hit.comparisonId = rows.value(4).toLongLong();
        hit.title = rows.value(5).toString();
        hit.snippet = snippetOf(rows.value(2).toString(), words);
        hit.at = utcFrom(rows.value(6));
        hits.append(hit);
    }
    return hits;
}

} // namespace core
