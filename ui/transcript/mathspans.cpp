#include "ui/transcript/mathspans.h"

#include <QStringList>

#include <algorithm>

namespace ui {

namespace {

bool isAsciiLetterOrDigit(QChar c)
{
    return c.unicode() < 128 && c.isLetterOrNumber();
}

//! Whether \p text has words and blanks but nothing of a formula: it stands between two prices.
bool isProse(QStringView text)
{
    bool word = false;
    bool blank = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (QStringView(u"\\^_{}=+<>").contains(text[i]))
            return false;
        word = word || (i > 0 && text[i].isLetter() && text[i - 1].isLetter());
        blank = blank || text[i].isSpace();
    }
    return word && blank;
}

//! Past the formula that begins at \p begin of \p text, or -1. Dollars are mostly prices: one
//! that begins or ends a formula stands close to it (as Pandoc has it), and none is lost in doubt.
qsizetype formulaEnd(QStringView text, qsizetype begin)
{
    const QStringView rest = text.sliced(begin, std::min<qsizetype>(4000, text.size() - begin));
    if (rest.size() < 3)
        return -1;
    const bool dollars = rest.startsWith(u"$$");
    if (dollars || rest.startsWith(u"\\(") || rest.startsWith(u"\\[")) {
        const QStringView close(dollars ? u"$$" : (rest[1] == u'(' ? u"\\)" : u"\\]"));
        const qsizetype at = rest.indexOf(close, 2);
        if (at < 0)
            return -1;
        const QStringView math = rest.sliced(2, at - 2);
        const bool third = rest.sliced(at + 2).startsWith(close[0]);
        const bool price = dollars && (third || math.trimmed().isEmpty() || isProse(math));
        return price || math.contains(QStringView(u"\n\n")) ? -1 : begin + at + 2;
    }
    if (rest[0] != u'$' || rest[1].isSpace() ||
        (begin > 0 && isAsciiLetterOrDigit(text[begin - 1])))
        return -1;
    qsizetype at = rest.indexOf(u'$', 1);
    while (at > 0 && rest[at - 1] == u'\\')
        at = rest.indexOf(u'$', at + 1);
    if (at < 2)
        return -1;
    const QStringView math = rest.sliced(1, at - 1);
    const QChar last = math.back();
    const QChar next = at + 1 < rest.size() ? rest[at + 1] : QChar(u' ');
    if (last.isSpace() || QStringView(u".,:/|(-\u2013=+~").contains(last) || math.contains(u'\n') ||
        isProse(math))
        return -1;
    const bool goesOn = next.isDigit() || (next.unicode() < 128 && next.isUpper()) ||
                        QStringView(u"$_{").contains(next);
    return goesOn ? -1 : begin + at + 1;
}

} // namespace

QString withMathAsCode(const QString &text)
{
    if (!text.contains(u'$') && !text.contains(QLatin1StringView("\\(")) &&
        !text.contains(QLatin1StringView("\\[")))
        return text;
    QString result;
    for (qsizetype i = 0; i < text.size();) {
        if (text[i] == u'`' || text[i] == u'$') { // a code span stays, and so does "$$$"
            qsizetype marks = 1;
            while (i + marks < text.size() && text[i + marks] == text[i])
                ++marks;
            qsizetype to = i;
            if (text[i] == u'`') {
                const qsizetype close = text.indexOf(QString(marks, u'`'), i + marks);
                // A fence that is still open reaches to the end.
                to = close >= 0 ? close + marks : (marks > 2 ? text.size() : i + marks);
            } else if (marks > 2) {
                to = i + marks;
            }
            if (to > i) {
                result += QStringView(text).sliced(i, to - i);
                i = to;
                continue;
            }
        }
        const qsizetype end =
            text[i] == u'$' || text[i] == u'\\' ? formulaEnd(text, i) : qsizetype(-1);
        if (end > 0) {
            const qsizetype marks = text[i] == u'\\' || text[i + 1] == u'$' ? 2 : 1;
            // In one line: three ticks that begin a line and do not end in it were a fence.
            QStringList lines;
            for (const QString &line : text.sliced(i + marks, end - i - 2 * marks).split(u'\n')) {
                QStringView math = QStringView(line).trimmed();
                while (text.startsWith(u'>') && !lines.isEmpty() && math.startsWith(u'>'))
                    math = math.sliced(1).trimmed();
                lines.append(math.toString());
            }
            result += QStringLiteral("``` ") + lines.join(u' ').trimmed() + QStringLiteral(" ```");
            i = end;
            continue;
        }
        if (text[i] == u'\\' && i + 1 < text.size()) {
            result += QStringView(text).sliced(i, 2);
            i += 2;
            continue;
        }
        if (text[i] == u'$' && i + 1 < text.size() && text[i + 1] == u'$')
            result += text[i++]; // both, or the second one would be looked at alone
        result += text[i++];
    }
    return result;
}

} // namespace ui
