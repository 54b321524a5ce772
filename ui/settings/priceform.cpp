#include "ui/settings/priceform.h"

#include "core/base/clock.h"
#include "ui/settings/pricetexts.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choicebox.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"

#include <QGridLayout>
#include <QLineEdit>

namespace ui {

namespace {

struct RateField
{
    const char *objectName;
    const char *name;
    std::optional<core::PicoUsd> core::PriceOverride::*rate;
    core::UsageKind kind;
};

constexpr RateField Fields[] = {
    {"priceInput", QT_TRANSLATE_NOOP("ui::PriceForm", "Input"), &core::PriceOverride::input,
     core::UsageKind::Input},
    {"priceOutput", QT_TRANSLATE_NOOP("ui::PriceForm", "Output"), &core::PriceOverride::output,
     core::UsageKind::Output},
    {"priceCacheRead", QT_TRANSLATE_NOOP("ui::PriceForm", "Read from cache"),
     &core::PriceOverride::cacheRead, core::UsageKind::CacheRead},
    {"priceCacheWrite", QT_TRANSLATE_NOOP("ui::PriceForm", "Written to cache"),
     &core::PriceOverride::cacheWrite, core::UsageKind::CacheWrite},
};

} // namespace

PriceForm::PriceForm(const ThemeSource &theme, const core::PriceBook &prices,
                     const core::Clock &clock, const QList<std::pair<QString, QString>> &providers,
                     QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_prices(prices)
    , m_clock(clock)
    , m_head(new PlainLabel(theme, TextRole::Strong, tr("Your price"), this))
    , m_provider(new ChoiceBox(theme, this))
    , m_model(new QLineEdit(this))
    , m_discount(new QLineEdit(this))
    , m_rest(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_fault(new PlainLabel(theme, TextRole::Error, {}, this))
    , m_save(new PillButton(theme, ButtonLook::Primary, tr("Use this price"), this))
    , m_remove(new PillButton(theme, ButtonLook::Outline, tr("Remove your price"), this))
    , m_cancel(new PillButton(theme, ButtonLook::Outline, tr("Cancel"), this))
{
    setObjectName(QStringLiteral("priceForm"));
    for (const auto &[id, name] : providers)
        m_provider->addItem(name, id);
    build();
    connect(m_provider, &QComboBox::currentIndexChanged, this, &PriceForm::check);
    connect(m_provider, &QComboBox::currentIndexChanged, this, &PriceForm::showRest);
    connect(m_model, &QLineEdit::textChanged, this, &PriceForm::showRest);
    for (QLineEdit *field : {m_model, m_rates[0], m_rates[1], m_rates[2], m_rates[3], m_discount}) {
        connect(field, &QLineEdit::textChanged, this, &PriceForm::check);
        connect(field, &QLineEdit::returnPressed, m_save, &QAbstractButton::click);
    }
    connect(m_save, &QAbstractButton::clicked, this, [this] {
        if (const auto price = read())
            Q_EMIT accepted(*price);
    });
    connect(m_remove, &QAbstractButton::clicked, this, [this] {
        Q_EMIT removed(m_provider->currentData().toString(), m_model->text().trimmed());
    });
    connect(m_cancel, &QAbstractButton::clicked, this, &PriceForm::cancelled);
    edit({}, {});
}

void PriceForm::build()
{
    m_provider->setObjectName(QStringLiteral("priceProvider"));
    m_provider->setAccessibleName(tr("Provider"));
    m_model->setObjectName(QStringLiteral("priceModel"));
    m_model->setAccessibleName(tr("Model id"));
    m_model->setPlaceholderText(tr("The id as the provider has it"));
    m_fault->setObjectName(QStringLiteral("priceFault"));
    m_fault->setWordWrap(true);
    m_rest->setObjectName(QStringLiteral("priceRest"));
    m_rest->setWordWrap(true);
    m_save->setObjectName(QStringLiteral("savePrice"));
    m_remove->setObjectName(QStringLiteral("removePrice"));
    m_cancel->setObjectName(QStringLiteral("cancelPrice"));
    auto *hint = new PlainLabel(m_theme, TextRole::Small,
                                tr("US dollars per million tokens. A discount comes off all of "
                                   "them, the catalogue's too, but not off fees. Counts for "
                                   "requests from now on."),
                                this);
    hint->setWordWrap(true);

    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(4 * Theme::Step, 4 * Theme::Step, 4 * Theme::Step, 4 * Theme::Step);
    grid->setHorizontalSpacing(3 * Theme::Step);
    grid->setVerticalSpacing(2 * Theme::Step);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    grid->addWidget(m_head, 0, 0, 1, 4);
    const auto add = [&](int row, int column, const QString &name, QWidget *field) {
        grid->addWidget(new PlainLabel(m_theme, TextRole::Muted, name, this), row, column);
        grid->addWidget(field, row, column + 1);
    };
    add(1, 0, tr("Provider"), m_provider);
    add(1, 2, tr("Model"), m_model);
    for (int i = 0; i < Rates; ++i) {
        auto *field = new QLineEdit(this);
        field->setObjectName(QLatin1String(Fields[i].objectName));
        field->setAccessibleName(tr("%1, dollars per million tokens").arg(tr(Fields[i].name)));
        m_rates.at(static_cast<std::size_t>(i)) = field;
        add(2 + i / 2, 2 * (i % 2), tr(Fields[i].name), field);
    }
    m_discount->setObjectName(QStringLiteral("priceDiscount"));
    m_discount->setAccessibleName(tr("Discount, percent off every token"));
    m_discount->setPlaceholderText(tr("percent off every token"));
    add(4, 0, tr("Discount"), m_discount);
    grid->addWidget(hint, 5, 0, 1, 4);
    grid->addWidget(m_rest, 6, 0, 1, 4);
    grid->addWidget(m_fault, 7, 0, 1, 4);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(2 * Theme::Step);
    buttons->addWidget(m_save);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_remove);
    buttons->addStretch(1);
    grid->addLayout(buttons, 8, 0, 1, 4);
}

void PriceForm::edit(const QString &provider, const QString &model)
{
    int place = m_provider->findData(provider);
    if (place < 0 && !provider.isEmpty()) {
        m_provider->addItem(shownName(provider), provider);
        place = m_provider->count() - 1;
    }
    m_provider->setCurrentIndex(std::max(place, 0));
    m_model->setText(model);
    const std::optional<core::PriceOverride> known = m_prices.overrideOf(provider, model);
    const core::PriceOverride price = known.value_or(core::PriceOverride());
    for (int i = 0; i < Rates; ++i) {
        const std::optional<core::PicoUsd> &rate = price.*Fields[i].rate;
        m_rates.at(static_cast<std::size_t>(i))->setText(rate ? rate->toDecimal() : QString());
    }
    m_discount->setText(price.discount ? core::discountText(*price.discount) : QString());
    m_before = typed();
    check();
    showRest();
}

QStringList PriceForm::typed() const
{
    QStringList texts{m_provider->currentData().toString(), m_model->text().trimmed()};
    for (const QLineEdit *rate : m_rates)
        texts.append(rate->text().trimmed());
    texts.append(m_discount->text().trimmed());
    return texts;
}

bool PriceForm::isEdited() const
{
    return typed() != m_before;
}

//! What holds beside the fields: an own price sets what it names and nothing else.
void PriceForm::showRest()
{
    const QString provider = m_provider->currentData().toString();
    const QString model = m_model->text().trimmed();
    m_remove->setVisible(m_prices.overrideOf(provider, model).has_value());
    const auto below = m_prices.base().find(provider, model, m_clock.utcNow());
    for (int i = 0; i < Rates; ++i) {
        const auto rate = below ? rateOf(below->card->rates, Fields[i].kind) : std::nullopt;
        m_rates.at(static_cast<std::size_t>(i))
            ->setPlaceholderText(rate ? tr("%1, the catalogue's").arg(rateText(rate))
                                      : tr("unknown"));
    }
    m_rest->setVisible(!model.isEmpty());
    if (!below) {
        m_rest->setText(tr("The catalogue does not know this model: what you leave empty is "
                           "unknown, not free."));
        return;
    }
    QStringList lines{tr("What you leave empty stays as the catalogue has it.")};
    const QStringList rest = restText(*below->card);
    if (!rest.isEmpty())
        lines = QStringList{tr("What you leave empty stays as the catalogue has it, and so does, "
                               "whatever you set:")} +
                rest;
    m_rest->setText(lines.join(QLatin1Char('\n')));
}

std::optional<core::PriceOverride> PriceForm::read() const
{
    core::PriceOverride price;
    price.provider = m_provider->currentData().toString();
    price.model = m_model->text().trimmed();
    for (int i = 0; i < Rates; ++i) {
        const QString text = m_rates.at(static_cast<std::size_t>(i))->text().trimmed();
        if (text.isEmpty())
            continue;
        price.*Fields[i].rate = core::rateFrom(text);
        if (!(price.*Fields[i].rate))
            return std::nullopt;
    }
    const QString discount = m_discount->text().trimmed();
    price.discount = core::discountFrom(discount);
    if (!discount.isEmpty() && !price.discount)
        return std::nullopt;
    if (price.isEmpty() || price.model.isEmpty() || price.provider.isEmpty())
        return std::nullopt;
    return price;
}

void PriceForm::check()
{
    bool faulty = false;
    for (const QLineEdit *field : m_rates) {
        const QString text = field->text().trimmed();
        faulty = faulty || (!text.isEmpty() && !core::rateFrom(text));
    }
    const QString discount = m_discount->text().trimmed();
    if (faulty)
        setFault(tr("A price is a number from 0 to 10,000 with at most six decimals."));
    else if (!discount.isEmpty() && !core::discountFrom(discount))
        setFault(tr("A discount is a number of percent up to 100 with at most two decimals."));
    else
        setFault({});
    m_save->setEnabled(read().has_value());
}

void PriceForm::setFault(const QString &sentence)
{
    m_fault->setText(sentence);
    m_fault->setVisible(!sentence.isEmpty());
}

} // namespace ui
