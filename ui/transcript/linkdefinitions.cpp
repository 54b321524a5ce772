#include "ui/transcript/linkdefinitions.h"

#include <algorithm>

namespace ui {

namespace {

constexpr qsizetype MaxLabel = 300;

QString folded(QStringView label)
{
    return label.toString().simplified().toCaseFolded();
}

} // namespace

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
        before.insert(each.key(), each->line.address);
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
            const std::optional<LinkDefinition> definition = linkDefinition(line);
            const QString label = definition ? folded(definition->label) : QString();
            if (!definition || m_definitions.contains(label)) // the first one counts
                continue;
            m_definitions.insert(label, {*definition, i});
            if (before.take(label) != definition->address)
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
            lines += QStringLiteral("[%1]: <%2>\n").arg(found->line.label, found->line.address);
    }
    return lines;
}

} // namespace ui
