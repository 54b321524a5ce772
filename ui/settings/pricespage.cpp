#include "ui/settings/pricespage.h"

#include "core/base/errortext.h"
#include "ui/settings/formrows.h"
#include "ui/settings/priceform.h"
#include "ui/settings/pricetexts.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int FilterRole = Qt::UserRole;
constexpr int ProviderRole = Qt::UserRole + 1;
constexpr int ModelRole = Qt::UserRole + 2;
constexpr int ShownRows = 10;
constexpr int CellInset = 2 * Theme::Step + 1; // and a pixel for what a font rounds away
enum Column { Model, Provider, Input, Cached, Output, Mark, ColumnCount };

QStandardItem *figure(const std::optional<core::PicoUsd> &rate)
{
    auto *item = new QStandardItem(rateText(rate));
    item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

} // namespace

PricesPage::PricesPage(const ThemeSource &theme, const PriceParts &parts,
                       QList<std::pair<QString, QString>> providers, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_prices(parts.prices)
    , m_clock(parts.clock)
    , m_providers(std::move(providers))
    , m_source(new PriceSourceCard(theme, parts, this))
    , m_search(new QLineEdit(this))
    , m_rows(new QStandardItemModel(this))
    , m_shown(new QSortFilterProxyModel(this))
    , m_tableCard(new Card(theme, this))
    , m_table(new QTableView(m_tableCard))
    , m_none(
          new PlainLabel(theme, TextRole::Muted, tr("No model or provider is called that."), this))
    , m_card(new Card(theme, this))
    , m_cardHead(new PlainLabel(theme, TextRole::Strong, {}, m_card))
    , m_cardText(new PlainLabel(theme, TextRole::Body, {}, m_card))
    , m_cardSource(new PlainLabel(theme, TextRole::Small, {}, m_card))
    , m_formCard(new Card(theme, this))
    , m_form(new PriceForm(theme, m_prices, m_clock, m_providers, m_formCard))
    , m_add(new PillButton(theme, ButtonLook::Outline, tr("Set a price of your own"), this))
{
    setObjectName(QStringLiteral("pricesPage"));
    build();
    connect(m_search, &QLineEdit::textChanged, this, &PricesPage::find);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &PricesPage::showCurrent);
    connect(m_add, &QAbstractButton::clicked, this, &PricesPage::beginNew);
    connect(m_form, &PriceForm::accepted, this, &PricesPage::accept);
    connect(m_form, &PriceForm::cancelled, this, &PricesPage::cancel);
    connect(m_form, &PriceForm::removed, this,
            [this](const QString &provider, const QString &model) {
                if (const auto removed = m_prices.remove(provider, model); !removed)
                    return m_form->setFault(core::userText(removed.error()));
                select(provider, model);
            });
    connect(&m_prices, &core::PriceBook::changed, this, &PricesPage::refresh);
    showCurrent();
}

void PricesPage::showEvent(QShowEvent *event)
{
    if (m_isStale)
        fill();
    QWidget::showEvent(event);
}

void PricesPage::refresh()
{
    m_isStale = true;
    if (isVisible())
        fill();
}

QString PricesPage::providerName(const QString &id) const
{
    for (const auto &[known, name] : m_providers) {
        if (known == id)
            return name;
    }
    return id;
}

void PricesPage::build()
{
    m_search->setObjectName(QStringLiteral("priceSearch"));
    m_search->setPlaceholderText(tr("Model or provider"));
    m_search->setAccessibleName(tr("Search prices"));
    m_search->setClearButtonEnabled(true);
    m_card->setObjectName(QStringLiteral("priceCard"));
    m_cardHead->setObjectName(QStringLiteral("priceCardHead"));
    m_cardText->setObjectName(QStringLiteral("priceCardText"));
    m_cardSource->setObjectName(QStringLiteral("priceCardSource"));
    m_cardText->setWordWrap(true);
    m_cardSource->setWordWrap(true);
    m_add->setObjectName(QStringLiteral("addPrice"));
    buildTable();
    m_none->setObjectName(QStringLiteral("nothingFound"));
    m_none->hide();

    auto *table = new QVBoxLayout(m_tableCard);
    table->setContentsMargins(2 * Theme::Step, Theme::Step, 2 * Theme::Step, Theme::Step);
    table->addWidget(m_table);
    auto *card = new QVBoxLayout(m_card);
    card->setContentsMargins(4 * Theme::Step, 3 * Theme::Step, 4 * Theme::Step, 3 * Theme::Step);
    card->setSpacing(Theme::Step);
    for (PlainLabel *label : {m_cardHead, m_cardText, m_cardSource})
        card->addWidget(label);
    auto *form = new QVBoxLayout(m_formCard);
    form->setContentsMargins(0, 0, 0, 0);
    form->addWidget(m_form);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(new PlainLabel(m_theme, TextRole::Heading, tr("Prices"), this));
    column->addWidget(m_source);
    column->addWidget(m_search);
    column->addWidget(m_tableCard);
    column->addWidget(m_none);
    column->addWidget(m_card);
    column->addWidget(m_formCard);
    column->addWidget(m_add, 0, Qt::AlignLeading);
    column->addStretch(1);
}

void PricesPage::buildTable()
{
    m_table->setObjectName(QStringLiteral("priceTable"));
    m_table->setAccessibleName(tr("Prices"));
    m_rows->setColumnCount(ColumnCount);
    m_shown->setSourceModel(m_rows);
    m_shown->setFilterRole(FilterRole);
    m_shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table->setModel(m_shown);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->setWordWrap(false); // else ids are cut at a hyphen
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setStyleSheet(tableCells());
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionsClickable(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->horizontalHeader()->setSectionResizeMode(Model, QHeaderView::Stretch);
    connect(&m_theme, &ThemeSource::changed, this, &PricesPage::dress);
    dress();
}

void PricesPage::dress()
{
    const Theme &theme = m_theme.theme();
    const int row = QFontMetrics(theme.chrome).height() + 3 * Theme::Step;
    m_table->setFont(theme.chrome);
    m_table->horizontalHeader()->setFont(theme.small);
    m_table->verticalHeader()->setDefaultSectionSize(row);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + ShownRows * row);
    fitColumns();
}

//! To all rows, those that are scrolled to as well: the view itself would measure a thousand of
//! them anew at each change.
void PricesPage::fitColumns()
{
    const QFontMetrics cells(m_theme.theme().chrome);
    for (int column = Provider; column < ColumnCount; ++column) {
        int width = m_table->horizontalHeader()->sectionSizeHint(column);
        for (int row = 0; row < m_rows->rowCount(); ++row)
            width = std::max(width, cells.horizontalAdvance(m_rows->item(row, column)->text()) +
                                        2 * CellInset);
        m_table->setColumnWidth(column, width);
    }
}

void PricesPage::fill()
{
    const core::PriceCatalogue &catalogue = m_prices.catalogue();
    const core::UtcTime now = m_clock.utcNow();
    m_isStale = false;
    m_source->refresh();
    m_rows->setRowCount(0);
    m_rows->setHorizontalHeaderLabels({tr("Model"), tr("Provider"), tr("Input $/M"),
                                       tr("Cached $/M"), tr("Output $/M"), tr("Note")});
    for (int column = 0; column < ColumnCount; ++column) {
        const bool isFigure = column >= Input && column <= Output;
        m_rows->horizontalHeaderItem(column)->setTextAlignment(
            (isFigure ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    for (const QString &provider : catalogue.providers()) {
        const QString providerText = providerName(provider);
        for (const core::ModelPrices &model : catalogue.pricesOf(provider)) {
            const auto card = cardAt(model.cards, now);
            if (!card)
                continue;
            auto *name = new QStandardItem(shownName(model.id));
            name->setData(QStringList{model.id, model.name, providerText, provider}.join(u' '),
                          FilterRole);
            name->setData(provider, ProviderRole);
            name->setData(model.id, ModelRole);
            m_rows->appendRow({name, new QStandardItem(providerText),
                               figure(rateOf(card->rates, core::UsageKind::Input)),
                               figure(rateOf(card->rates, core::UsageKind::CacheRead)),
                               figure(rateOf(card->rates, core::UsageKind::Output)),
                               new QStandardItem(markText(*card, catalogue, now))});
        }
    }
    fitColumns();
}

//! What is being typed into the form outlasts a search; its row may be out of sight meanwhile.
void PricesPage::find(const QString &words)
{
    const bool keepsForm = m_formCard->isVisibleTo(this) && m_form->isEdited();
    m_isSearching = keepsForm;
    const QPersistentModelIndex kept(m_table->currentIndex());
    m_shown->setFilterFixedString(words.trimmed());
    if (keepsForm && !kept.isValid())
        m_table->setCurrentIndex({}); // not the neighbour, which the form is not about
    m_isSearching = false;
    const bool any = m_shown->rowCount() > 0;
    m_tableCard->setVisible(any);
    m_none->setVisible(!any);
    if (!keepsForm)
        showCurrent();
}

void PricesPage::cancel()
{
    const QModelIndex index = m_table->currentIndex().siblingAtColumn(Model);
    if (index.isValid())
        return m_form->edit(index.data(ProviderRole).toString(), index.data(ModelRole).toString());
    m_form->edit({}, {});
    showCurrent();
}

void PricesPage::select(const QString &provider, const QString &model)
{
    for (int row = 0; row < m_shown->rowCount(); ++row) {
        const QModelIndex index = m_shown->index(row, Model);
        if (index.data(ProviderRole).toString() == provider &&
            index.data(ModelRole).toString().compare(model, Qt::CaseInsensitive) == 0) {
            m_table->setCurrentIndex(index);
            m_table->scrollTo(index);
            return showCurrent();
        }
    }
    showCurrent();
}

void PricesPage::showCurrent()
{
    if (m_isSearching)
        return;
    const QModelIndex index = m_table->currentIndex();
    const bool chosen = index.isValid();
    m_card->setVisible(chosen);
    m_formCard->setVisible(chosen);
    m_add->setVisible(!m_prices.fault());
    if (chosen)
        showCard(index.siblingAtColumn(Model).data(ProviderRole).toString(),
                 index.siblingAtColumn(Model).data(ModelRole).toString());
}

void PricesPage::showCard(const QString &provider, const QString &model)
{
    const core::UtcTime now = m_clock.utcNow();
    const core::PriceCatalogue &catalogue = m_prices.catalogue();
    std::shared_ptr<const core::RateCard> card;
    for (const core::ModelPrices &prices : catalogue.pricesOf(provider)) {
        if (prices.id.compare(model, Qt::CaseInsensitive) == 0)
            card = cardAt(prices.cards, now);
    }
    if (!card)
        return;
    m_cardHead->setText(
        QStringLiteral("%1 \u00B7 %2").arg(shownName(model), providerName(provider)));
    m_cardText->setText(cardText(*card).join(QLatin1Char('\n')));
    m_cardSource->setText(checkedText(*card, catalogue, now) + QLatin1Char('\n') +
                          tr("Rate card %1").arg(shownName(card->id)));
    m_form->edit(provider, model);
    m_formCard->setEnabled(!m_prices.fault());
}

void PricesPage::beginNew()
{
    m_table->setCurrentIndex({});
    m_card->hide();
    m_form->edit({}, {});
    m_formCard->show();
    m_add->hide();
}

void PricesPage::accept(const core::PriceOverride &price)
{
    if (const auto set = m_prices.set(price); !set)
        return m_form->setFault(core::userText(set.error()));
    select(price.provider, price.model);
}

} // namespace ui
