#include "ui/widgets/modelpicker.h"

#include "ui/widgets/figures.h"

#include <QCoreApplication>

namespace ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("modelpicker", text);
}

QString stateText(const ModelRow &row)
{
    switch (row.state) {
    case ModelState::Ready:
        return tr("ready");
    case ModelState::NoKey:
        return tr("Add key");
    case ModelState::Local:
        return tr("local");
    case ModelState::Limited:
        break;
    }
    if (!row.limitedUntil.isValid())
        return tr("limited");
    // Of a short wait the minute alone would say nothing.
    return tr("limited until %1")
        .arg(row.limitedUntil.toString(
            row.limitedUntil.second() == 0 ? QStringLiteral("HH:mm") : QStringLiteral("HH:mm:ss")));
}

//! That nobody knows it stands with the prices.
QString expectedText(const ModelRow &row)
{
    const bool isKnown =
        row.expected && (row.expected->complete || row.expected->low != core::PicoUsd());
    return isKnown ? costText(row.expected, Decimals::Figures,
                              row.simulated ? MoneyMark::Simulated : MoneyMark::None)
                   : QString();
}

} // namespace

PopupRow popupRow(const ModelRow &row, const Theme &theme)
{
    QStringList facts{row.providerName, row.region};
    facts << (row.contextTokens ? tr("%1 context").arg(shortCountText(*row.contextTokens))
                                : tr("context unknown"));
    if (row.inputPerMillion && row.outputPerMillion) {
        facts << tr("%1 in, %2 out per million")
                     .arg(rateText(*row.inputPerMillion), rateText(*row.outputPerMillion));
    } else if (row.state != ModelState::Local) {
        facts << tr("price unknown");
    }
    facts.removeAll(QString());
    PopupRow shown;
    shown.id = row.id;
    shown.section = row.section;
    shown.title = row.name.isEmpty() ? row.model : row.name;
    shown.detail = facts.join(QStringLiteral(" · "));
    shown.right = expectedText(row);
    shown.rightMeans = tr("next message");
    shown.state = stateText(row);
    shown.alerts = row.state == ModelState::Limited;
    shown.dot = theme.providerColor(row.provider);
    shown.search = row.model + QLatin1Char(' ') + row.provider;
    shown.starred = row.favourite;
    shown.onlyFound = row.onlyFound;
    return shown;
}

} // namespace ui
