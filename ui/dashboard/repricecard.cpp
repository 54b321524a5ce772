#include "ui/dashboard/repricecard.h"

#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/plainlabel.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <utility>

namespace ui {

namespace {

constexpr qsizetype ShownRows = 12;

//! "+$0.0120", "−$1.2000", "$0".
QString differenceText(core::PicoUsd before, core::PicoUsd after)
{
    const core::PicoUsd change(after.count() - before.count());
    if (change == core::PicoUsd())
        return moneyText(change, Decimals::Figures);
    return change > core::PicoUsd()
               ? QLatin1Char('+') + moneyText(change, Decimals::Figures)
               : QChar(0x2212) + moneyText(core::PicoUsd(-change.count()), Decimals::Figures);
}

} // namespace

RepriceCard::RepriceCard(core::Store &store, const core::PriceBook &prices,
                         const core::Clock &clock, const ThemeSource &theme,
                         const DashboardNames &names, QWidget *parent)
    : QWidget(parent)
    , m_store(store)
    , m_prices(prices)
    , m_clock(clock)
    , m_theme(theme)
    , m_names(names)
    , m_title(new PlainLabel(theme, TextRole::Strong, {}, this))
    , m_compare(new PillButton(theme, ButtonLook::Outline, tr("Compare"), this))
    , m_note(new PlainLabel(theme, TextRole::Small, {}, this))
{
    setObjectName(QStringLiteral("repriceCard"));
    m_compare->setObjectName(QStringLiteral("repriceCompare"));
    m_compare->setAccessibleName(tr("Compare with today's prices"));
    m_note->setObjectName(QStringLiteral("repriceNote"));
    m_note->setWordWrap(true);
    auto *card = new Card(theme, this);
    auto *around = new QVBoxLayout(this);
    around->setContentsMargins(0, 0, 0, 0);
    around->addWidget(card);
    auto *head = new QHBoxLayout;
    m_title->setObjectName(QStringLiteral("repriceTitle"));
    head->addWidget(m_title, 1);
    head->addWidget(m_compare);
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(4 * Theme::Step, 3 * Theme::Step, 4 * Theme::Step, 3 * Theme::Step);
    column->setSpacing(2 * Theme::Step);
    column->addLayout(head);
    column->addWidget(m_note);
    m_table = new QWidget(card);
    m_table->setObjectName(QStringLiteral("repriceTable"));
    m_grid = new QGridLayout(m_table);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setColumnStretch(0, 1);
    m_grid->setHorizontalSpacing(6 * Theme::Step);
    column->addWidget(m_table);
    connect(m_compare, &QAbstractButton::clicked, this, &RepriceCard::compare);
    connect(&m_prices, &core::PriceBook::changed, this, &RepriceCard::clear);
    clear();
}

void RepriceCard::setFilter(const core::SpendFilter &filter)
{
    if (std::exchange(m_filter, filter) != filter)
        clear();
}

void RepriceCard::clear()
{
    ++m_cleared;
    while (QLayoutItem *item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_table->hide();
    m_title->setText(m_filter.simulated ? tr("Simulated spend at today's prices")
                                        : tr("At today's prices"));
    m_note->setRole(TextRole::Small);
    m_note->setText(
        tr("What the same answers would cost at the prices in use now. What was charged "
           "stays as it is."));
    m_note->show();
}

void RepriceCard::compare()
{
    m_compare->setEnabled(false);
    core::whenReady(this, core::reprice(m_store, m_filter, m_prices.catalogue(), m_clock.utcNow()),
                    [this, asked = m_cleared](const core::Result<QList<core::RepriceRow>> &rows) {
                        m_compare->setEnabled(true);
                        if (asked != m_cleared)
                            return; // of other attempts, or at other prices
                        clear();
                        if (rows)
                            return show(*rows);
                        m_note->setRole(TextRole::Error);
                        m_note->setText(core::userText(rows.error()));
                    });
}

void RepriceCard::addRow(const QStringList &texts, bool isStrong)
{
    const int row = m_grid->rowCount();
    for (int column = 0; column < texts.size(); ++column) {
        auto *label = new PlainLabel(m_theme, isStrong ? TextRole::Strong : TextRole::Body,
                                     texts.at(column), m_table);
        if (column == 0)
            label->setElide(Qt::ElideMiddle);
        else
            label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_grid->addWidget(label, row, column);
    }
}

void RepriceCard::show(const QList<core::RepriceRow> &rows)
{
    core::PicoUsd charged;
    core::PicoUsd now;
    std::int64_t leftOut = 0;
    qsizetype shown = 0;
    addRow({tr("Model"), tr("Charged"), tr("Today"), tr("Difference")}, true);
    for (const core::RepriceRow &row : rows) {
        charged = core::saturatingSum(charged, row.charged);
        now = core::saturatingSum(now, row.now);
        leftOut += row.leftOut;
        if (row.attempts == 0 || ++shown > ShownRows)
            continue;
        addRow({QStringLiteral("%1  %2").arg(m_names.modelName(row.provider, row.model),
                                             m_names.providerName(row.provider)),
                moneyText(row.charged, Decimals::Figures), moneyText(row.now, Decimals::Figures),
                differenceText(row.charged, row.now)},
               false);
    }
    addRow({tr("Together"), moneyText(charged, Decimals::Figures),
            moneyText(now, Decimals::Figures), differenceText(charged, now)},
           true);
    m_table->setVisible(shown > 0);
    QStringList notes;
    if (shown == 0)
        notes += tr("Nothing here can be compared.");
    if (shown > ShownRows)
        notes += tr("%1 further models are in the sum.").arg(shown - ShownRows);
    if (leftOut > 0)
        notes +=
            (leftOut == 1 ? tr("Left out: 1 attempt, for its cost is a range, was named by the "
                               "service or has no price now.")
                          : tr("Left out: %1 attempts, for their cost is a range, was named by the "
                               "service or has no price now.")
                                .arg(countText(leftOut)));
    m_note->setText(notes.join(QLatin1Char(' ')));
    m_note->setVisible(!notes.isEmpty());
}

} // namespace ui
