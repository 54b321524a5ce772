#pragma once

#include "ui/transcript/blocksplitter.h"

#include <QMap>
#include <QSet>

namespace ui {

//! Where the links of a label lead: lines "[label]: address" of the same text tell it, which may
//! come after the links, too.
class LinkDefinitions
{
public:
    //! Reads the blocks of \p splitter from \p from on anew. Gives the labels that lead elsewhere
    //! now.
    QSet<QString> update(const BlockSplitter &splitter, qsizetype from);

    //! Markdown of the definitions that the links of \p text need.
    [[nodiscard]] QString neededBy(QStringView text) const;

private:
    struct Definition
    {
        LinkDefinition line;
        qsizetype block = 0;
    };
    QMap<QString, Definition> m_definitions; // by the label, as labelsIn() has it
};

//! What stands in brackets, without differences that do not count between labels.
[[nodiscard]] QSet<QString> labelsIn(QStringView text);

} // namespace ui
