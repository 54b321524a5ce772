#include "ui/transcript/linkdefinitions.h"

#include <QRegularExpression>

#include <algorithm>

namespace ui {

namespace {

constexpr qsizetype MaxLabel = 300;

QRegularExpressionMatch definitionMatch(QStringView line)
{
    // No backslash: what is put together from the parts means what they did.
    static const QRegularExpression definition(
        QStringLiteral("^ {0,3}\\[(?!\\^)([^\\[\\]\\\\]*[^\\[\\]\\\\\\s][^\\[\\]\\\\]*)\\]:[ \\t]*"
                       "<?((?:https?://|mailto:)[^\\s<>\\\\]+)>?"
                       "(?:[ \\t]+(?:\"[^\"]*\"|'[^']*'|\\([^()]*\\)))?\\s*$"),
        QRegularExpression::CaseInsensitiveOption);
    return definition.match(line.toString());
}

QString folded(QStringView label)
{
    return label.toString().simplified().toCaseFolded();
}

} // namespace

bool isLinkDefinition(QStringView line)
{
    return line.trimmed().startsWith(u'[') && definitionMatch(line).hasMatch();
}

QSet<QString> labelsIn(QStringView text)
{
    QSet<QString> labels;
    for (qsizetype open = text.indexOf(u'['); open >= 0; open = text.indexOf(u'[', open + 1)) {
        const QStringView rest = text.sliced(open + 1, std::min(MaxLabel, text.size() - open - 1));
        const qsizetype close = rest.indexOf(u']');
        if (close > 0 && !rest.first(close).contains(u'['))
            labels.insert(folded(rest.first(close)));
    }
    return labels;
}

QSet<QString> LinkDefinitions::update(const BlockSplitter &splitter, qsizetype from)
{
    QMap<QString, QString> before;
    for (auto each = m_definitions.begin(); each != m_definitions.end();) {
        if (each->block < from) {
            ++each;
            continue;
        }
        before.insert(each.key(), each->address);
        each = m_definitions.erase(each);
    }
    QSet<QString> changed;
    for (qsizetype i = from; i < splitter.blocks().size(); ++i) {
        const SourceBlock &block = splitter.blocks()[i];
        if (block.kind != SourceBlock::Kind::Definitions)
            continue;
        const QStringView lines =
            QStringView(splitter.source()).sliced(block.begin, block.end - block.begin);
        for (const QStringView line : lines.split(u'\n')) {
            const QRegularExpressionMatch match = definitionMatch(line);
            const QString label = folded(match.capturedView(1));
            if (!match.hasMatch() || m_definitions.contains(label)) // the first one counts
                continue;
            m_definitions.insert(label, {match.captured(1), match.captured(2), i});
            if (before.take(label) != match.capturedView(2))
                changed.insert(label);
        }
    }
    for (auto gone = before.keyBegin(); gone != before.keyEnd(); ++gone)
        changed.insert(*gone);
    return changed;
}

QString LinkDefinitions::neededBy(QStringView text) const
{
    QString lines;
    if (m_definitions.isEmpty())
        return lines;
    for (const QString &label : labelsIn(text)) {
        const auto found = m_definitions.find(label);
        if (found != m_definitions.end())
            lines += QStringLiteral("[%1]: <%2>\n").arg(found->label, found->address);
    }
    return lines;
}

} // namespace ui
