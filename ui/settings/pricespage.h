#pragma once

#include "ui/settings/pricesourcecard.h"

#include <QWidget>

class QLineEdit;
class QSortFilterProxyModel;
class QStandardItemModel;
class QTableView;

namespace ui {

class Card;
class PillButton;
class PlainLabel;
class PriceForm;

//! Prices: what each model costs, since when and by whose word, and the user's own prices over
//! that. UI thread.
class PricesPage final : public QWidget
{
    Q_OBJECT
public:
    //! \p providers: ids as prices have them, and names.
    PricesPage(const ThemeSource &theme, const PriceParts &parts,
               QList<std::pair<QString, QString>> providers, QWidget *parent = nullptr);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void build();
    void buildTable();
    void refresh();
    void dress();
    void fill();
    void select(const QString &provider, const QString &model);
    void showCurrent();
    void find(const QString &words);
    void cancel();
    void fitColumns();
    void showCard(const QString &provider, const QString &model);
    void beginNew();
    void accept(const core::PriceOverride &price);
    [[nodiscard]] QString providerName(const QString &id) const;

    const ThemeSource &m_theme;
    core::PriceBook &m_prices;
    const core::Clock &m_clock;
    QList<std::pair<QString, QString>> m_providers;
    PriceSourceCard *m_source;
    QLineEdit *m_search;
    QStandardItemModel *m_rows;
    QSortFilterProxyModel *m_shown;
    Card *m_tableCard;
    QTableView *m_table;
    PlainLabel *m_none; //!< Instead of the table, where nothing is found.
    Card *m_card;
    PlainLabel *m_cardHead;
    PlainLabel *m_cardText;
    PlainLabel *m_cardSource;
    Card *m_formCard;
    PriceForm *m_form;
    PillButton *m_add;
    bool m_isSearching = false;
    bool m_isStale = true; //!< The rows wait for the page to be looked at: there are a thousand.
};

} // namespace ui
