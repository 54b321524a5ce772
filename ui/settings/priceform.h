#pragma once

#include "core/pricing/priceoverride.h"
#include "ui/theme/themesource.h"

#include <QWidget>

#include <array>

class QLineEdit;

namespace ui {

class ChoiceBox;
class PillButton;
class PlainLabel;

//! The fields of a price of one's own. UI thread.
class PriceForm final : public QWidget
{
    Q_OBJECT
public:
    //! \p providers: ids as prices have them, and names.
    PriceForm(const ThemeSource &theme, const QList<std::pair<QString, QString>> &providers,
              QWidget *parent = nullptr);

    //! Shows \p price; \p isSet: it is the user's already. An empty model is to be typed.
    void edit(const core::PriceOverride &price, bool isSet);
    void setFault(const QString &sentence);

Q_SIGNALS:
    void accepted(const core::PriceOverride &price);
    void removed(const QString &provider, const QString &model);

private:
    void build();
    void check();
    [[nodiscard]] std::optional<core::PriceOverride> read() const;

    static constexpr int Rates = 4;

    const ThemeSource &m_theme;
    PlainLabel *m_head;
    ChoiceBox *m_provider;
    QLineEdit *m_model;
    std::array<QLineEdit *, Rates> m_rates{};
    PlainLabel *m_fault;
    PillButton *m_save;
    PillButton *m_remove;
};

} // namespace ui
