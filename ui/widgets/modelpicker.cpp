#include "ui/widgets/modelpicker.h"

#include "ui/widgets/figures.h"

#include <QCoreApplication>

namespace ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("modelpicker", text);
}

QString rightOf(const ModelRow &row)
{
    switch (row.state) {
    case ModelState::NoKey:
        return tr("Add key");
    case ModelState::Local:
        return tr("local");
    case ModelState::Ready:
        break;
    }
    return row.expected ? costText(row.expected, Decimals::Figures) : QString();
}

} // namespace

PopupRow popupRow(const ModelRow &row, const Theme &theme)
{
    QStringList facts = {row.providerName};
    facts << (row.contextTokens ? tr("%1 context").arg(shortCountText(*row.contextTokens))
                                : tr("context unknown"));
    if (row.inputPerMillion && row.outputPerMillion) {
        facts << tr("%1 in, %2 out per million")
                     .arg(rateText(*row.inputPerMillion), rateText(*row.outputPerMillion));
    } else if (row.state != ModelState::Local) {
        facts << tr("price unknown");
    }
    return {row.id,
            row.section,
            row.name.isEmpty() ? row.model : row.name,
            facts.join(QStringLiteral(" · ")),
            rightOf(row),
            theme.providerColor(row.provider),
            row.model + QLatin1Char(' ') + row.provider,
            row.onlyFound};
}

} // namespace ui
