#include "core/conversation/title.h"

#include <QRegularExpression>
#include <QTextBoundaryFinder>

namespace core {

QString titleFrom(const QString &text)
{
    constexpr qsizetype LongestScan = 2'000; // a pasted book has its title at the front
    constexpr int MostGraphemes = 40;
    static const QRegularExpression marks(
        QStringLiteral("^[ \\t]*(?:#{1,6}[ \\t]+|>[ \\t]?|[-*+][ \\t]+|```.*$)|[*`]+"),
        QRegularExpression::MultilineOption);
    QString line = text.left(LongestScan);
    line.remove(marks);
    line = line.simplified();

    QTextBoundaryFinder graphemes(QTextBoundaryFinder::Grapheme, line);
    qsizetype end = 0;
    for (int count = 0; count < MostGraphemes; ++count) {
        const qsizetype next = graphemes.toNextBoundary();
        if (next < 0)
            return line;
        end = next;
    }
    if (end >= line.size())
        return line;
    // A word is left whole where that keeps at least half of the room; CJK has no spaces to cut at.
    const qsizetype space = line.lastIndexOf(QLatin1Char(' '), end);
    if (space > end / 2)
        end = space;
    return line.left(end).trimmed() + QChar(0x2026);
}

} // namespace core
