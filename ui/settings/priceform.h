#pragma once

#include "core/pricing/pricebook.h"
#include "ui/theme/themesource.h"

#include <QWidget>

#include <array>

class QLineEdit;

namespace core {
class Clock;
} // namespace core

namespace ui {

class ChoiceBox;
class PillButton;
class PlainLabel;

//! The fields of a price of one's own over the catalogue's, and what stays as the catalogue has it.
//! UI thread.
class PriceForm final : public QWidget
{
    Q_OBJECT
public:
    //! \p prices and \p clock must outlive it. \p providers: ids as prices have them, and names.
    PriceForm(const ThemeSource &theme, const core::PriceBook &prices, const core::Clock &clock,
              const QList<std::pair<QString, QString>> &providers, QWidget *parent = nullptr);

    //! Shows what the user set for \p model at \p provider, empty fields where nothing is set. An
    //! empty model is to be typed.
    void edit(const QString &provider, const QString &model);
    void setFault(const QString &sentence);
    [[nodiscard]] bool isEdited() const; //!< Something was typed since edit().

Q_SIGNALS:
    void cancelled(); //!< What was typed is not wanted.
    void accepted(const core::PriceOverride &price);
    void removed(const QString &provider, const QString &model);

private:
    void build();
    void check();
    void showRest();
    [[nodiscard]] std::optional<core::PriceOverride> read() const;
    [[nodiscard]] QStringList typed() const;

    static constexpr int Rates = 4;

    const ThemeSource &m_theme;
    const core::PriceBook &m_prices;
    const core::Clock &m_clock;
    PlainLabel *m_head;
    ChoiceBox *m_provider;
    QLineEdit *m_model;
    std::array<QLineEdit *, Rates> m_rates{};
    QLineEdit *m_discount;
    PlainLabel *m_rest;
    PlainLabel *m_fault;
    PillButton *m_save;
    PillButton *m_remove;
    PillButton *m_cancel;
    QStringList m_before; //!< typed(), as edit() left it.
};

} // namespace ui
