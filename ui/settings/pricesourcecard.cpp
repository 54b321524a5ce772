#include "ui/settings/pricesourcecard.h"

#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "ui/settings/pricetexts.h"
#include "ui/settings/settingfield.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"

#include <QCheckBox>
#include <QDateTime>
#include <QFileDialog>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr qsizetype ShownChanges = 6;
constexpr qsizetype ShownDoubts = 6;
constexpr int ListedLines = 12; // of all changes, before they scroll

QString dayText(core::UtcTime time)
{
    const auto moment = QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC);
    return QLocale(QLocale::English).toString(moment.date(), QStringLiteral("d MMM yyyy"));
}

} // namespace

PriceSourceCard::PriceSourceCard(const ThemeSource &theme, const PriceParts &parts, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_parts(parts)
    , m_inUse(new PlainLabel(theme, TextRole::Body, {}, this))
    , m_age(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_file(new PillButton(theme, ButtonLook::Outline, tr("Take from a file"), this))
    , m_ask(new PillButton(theme, ButtonLook::Outline, tr("Refresh"), this))
    , m_address(new SettingField(theme, core::settings::PriceAddress.name(),
                                 tr("Catalogue address"),
                                 tr("In Farthing's format, over https. It is asked "
                                    "when you press Refresh and never by itself; no key goes "
                                    "along."),
                                 this))
    , m_result(new PlainLabel(theme, TextRole::Body, {}, this))
    , m_offerBox(new QWidget(this))
    , m_offerHead(new PlainLabel(theme, TextRole::Strong, {}, m_offerBox))
    , m_doubts(new PlainLabel(theme, TextRole::Error, {}, m_offerBox))
    , m_changes(new PlainLabel(theme, TextRole::Small, {}, m_offerBox))
    , m_all(new PillButton(theme, ButtonLook::Link, {}, m_offerBox))
    , m_allChanges(new QPlainTextEdit(m_offerBox))
    , m_seen(new QCheckBox(tr("I have looked at this"), m_offerBox))
    , m_use(new PillButton(theme, ButtonLook::Primary, tr("Use these prices"), m_offerBox))
    , m_drop(new PillButton(theme, ButtonLook::Outline, tr("Leave it"), m_offerBox))
    , m_column(new QVBoxLayout(this))
{
    build();
    buildOffer();
    connect(m_file, &QAbstractButton::clicked, this, &PriceSourceCard::chooseFile);
    connect(m_ask, &QAbstractButton::clicked, this, &PriceSourceCard::askAddress);
    connect(m_address, &SettingField::entered, this, [this](const QString &text) {
        const auto stored = m_parts.settings.setValue(core::settings::PriceAddress, text);
        if (!stored)
            return m_address->refuse(core::userText(stored.error()));
        m_address->saved(text);
    });
    connect(m_seen, &QCheckBox::toggled, this, [this] { setBusy(m_isBusy); });
    connect(m_all, &QAbstractButton::clicked, this, &PriceSourceCard::showAllChanges);
    connect(m_drop, &QAbstractButton::clicked, this, &PriceSourceCard::leave);
    connect(m_use, &QAbstractButton::clicked, this, [this] {
        if (m_offer)
            await(m_parts.refresh.apply(*m_offer), takenText(*m_offer));
    });
    connect(&m_parts.refresh, &core::PriceRefresh::changed, this, &PriceSourceCard::refresh);
    if (m_parts.refresh.fault())
        tell(*m_parts.refresh.fault());
    else if (m_parts.prices.fault())
        tell(*m_parts.prices.fault());
}

void PriceSourceCard::build()
{
    m_inUse->setObjectName(QStringLiteral("priceCatalogue"));
    m_age->setObjectName(QStringLiteral("priceAge"));
    m_file->setObjectName(QStringLiteral("takePrices"));
    m_ask->setObjectName(QStringLiteral("refreshPrices"));
    m_result->setObjectName(QStringLiteral("priceResult"));
    m_address->edit()->setPlaceholderText(QStringLiteral("https://"));
    m_address->addBeside(m_ask);
    m_address->setValue(m_parts.settings.value(core::settings::PriceAddress));
    for (PlainLabel *label : {m_inUse, m_age, m_result})
        label->setWordWrap(true);
    m_result->hide();
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(2 * Theme::Step);
    m_column->addWidget(m_inUse);
    m_column->addWidget(m_age);
    m_column->addWidget(m_address);
    m_column->addWidget(m_file, 0, Qt::AlignLeading);
    m_column->addWidget(m_result);
    m_column->addWidget(m_offerBox);
}

void PriceSourceCard::buildOffer()
{
    m_offerBox->setObjectName(QStringLiteral("priceOffer"));
    m_offerHead->setObjectName(QStringLiteral("priceOfferHead"));
    m_doubts->setObjectName(QStringLiteral("priceDoubts"));
    m_changes->setObjectName(QStringLiteral("priceChanges"));
    m_all->setObjectName(QStringLiteral("showAllPriceChanges"));
    m_allChanges->setObjectName(QStringLiteral("allPriceChanges"));
    m_allChanges->setAccessibleName(tr("All changes"));
    m_allChanges->setReadOnly(true);
    m_allChanges->setTabChangesFocus(true);
    m_seen->setObjectName(QStringLiteral("priceDoubtsSeen"));
    m_use->setObjectName(QStringLiteral("useOfferedPrices"));
    m_drop->setObjectName(QStringLiteral("leaveOfferedPrices"));
    auto *column = new QVBoxLayout(m_offerBox);
    column->setContentsMargins(0, Theme::Step, 0, Theme::Step);
    column->setSpacing(2 * Theme::Step);
    for (PlainLabel *label : {m_offerHead, m_doubts, m_changes}) {
        label->setWordWrap(true);
        column->addWidget(label);
    }
    column->addWidget(m_all, 0, Qt::AlignLeading);
    column->addWidget(m_allChanges);
    column->addWidget(m_seen);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(2 * Theme::Step);
    buttons->addWidget(m_use);
    buttons->addWidget(m_drop);
    buttons->addStretch(1);
    column->addLayout(buttons);
    m_offerBox->hide();
}

void PriceSourceCard::refresh()
{
    const core::PriceVersions &versions = m_parts.refresh.versions();
    const core::PriceCatalogue &inUse = m_parts.prices.base();
    const auto taken =
        std::find_if(versions.kept.cbegin(), versions.kept.cend(),
                     [&](const core::PriceVersion &one) { return one.id == versions.current; });
    m_inUse->setText(
        tr("Catalogue %1, %2 models, %3. What was spent keeps the price it was charged at.")
            .arg(shownName(inUse.version()))
            .arg(inUse.modelCount())
            .arg(taken == versions.kept.cend()
                     ? tr("shipped with Farthing")
                     : tr("taken from %1 on %2")
                           .arg(shownName(taken->source), dayText(taken->takenAt))));
    m_age->setText(catalogueAgeText(inUse.checkedOn(), m_parts.clock.utcNow()));
    showVersions();
    showHeld();
}

//! What an earlier run held back: it waits here until it is used or left.
void PriceSourceCard::showHeld()
{
    const std::optional<core::PriceVersion> &held = m_parts.refresh.versions().held;
    if (!held || held->id == m_heldShown)
        return;
    m_heldShown = held->id;
    if (m_offer || m_isBusy)
        return; // it is the one that is just being shown
    setBusy(true);
    core::whenReady(this, m_parts.refresh.held(),
                    [this](const core::Result<core::PriceOffer> &read) {
                        setBusy(false);
                        if (read)
                            return show(*read);
                        leave(); // nothing is left that could be looked at
                        tell(read.error());
                    });
}

void PriceSourceCard::showVersions()
{
    delete m_versions;
    m_versions = new QWidget(this);
    m_versions->setObjectName(QStringLiteral("priceVersions"));
    auto *column = new QVBoxLayout(m_versions);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::Step);
    m_column->addWidget(m_versions);
    const core::PriceVersions &versions = m_parts.refresh.versions();
    if (versions.kept.isEmpty())
        return m_versions->hide();
    column->addWidget(new PlainLabel(m_theme, TextRole::Section, tr("Versions"), m_versions));
    for (const core::PriceVersion &version : versions.kept)
        addVersion(version);
    const core::PriceCatalogue &shipped = m_parts.refresh.shipped();
    core::PriceVersion own;
    own.version = shipped.version();
    own.checkedOn = shipped.checkedOn();
    own.models = shipped.modelCount();
    addVersion(own);
    setBusy(m_isBusy);
}

void PriceSourceCard::addVersion(const core::PriceVersion &version)
{
    const bool inUse = version.id == m_parts.refresh.versions().current;
    const QString text = version.id.isEmpty()
                             ? tr("%1 \u00B7 shipped with Farthing").arg(shownName(version.version))
                             : tr("%1 \u00B7 %2, %3")
                                   .arg(shownName(version.version), shownName(version.source),
                                        dayText(version.takenAt));
    auto *row = new QHBoxLayout;
    row->setSpacing(2 * Theme::Step);
    auto *label = new PlainLabel(m_theme, TextRole::Small, text, m_versions);
    label->setElide(Qt::ElideMiddle);
    row->addWidget(label, 1);
    if (inUse) {
        row->addWidget(new PlainLabel(m_theme, TextRole::Small, tr("in use"), m_versions));
    } else {
        auto *use = new PillButton(m_theme, ButtonLook::Link, tr("Use again"), m_versions);
        use->setObjectName(QStringLiteral("useVersion"));
        use->setAccessibleName(tr("Use %1 again").arg(text));
        connect(use, &QAbstractButton::clicked, this, [this, id = version.id] {
            await(m_parts.refresh.use(id), tr("These prices are used from now on."));
        });
        row->addWidget(use);
    }
    static_cast<QVBoxLayout *>(m_versions->layout())->addLayout(row);
}

void PriceSourceCard::chooseFile()
{
    auto *dialog = new QFileDialog(this, tr("Price catalogue"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Price catalogues (*.json)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString &path) { await(m_parts.refresh.fromFile(path)); });
    dialog->open();
}

void PriceSourceCard::askAddress()
{
    const QString address = m_address->edit()->text().trimmed();
    if (address.isEmpty())
        return m_address->refuse(tr("Name an address first."));
    await(m_parts.refresh.fromAddress(address));
}

//! Taking prices into use ends a quarantine, also that of others: this is said.
QString PriceSourceCard::takenText(const core::PriceOffer &offer) const
{
    const QString taken = tr("These prices are used from now on.");
    const std::optional<core::PriceVersion> &held = m_parts.refresh.versions().held;
    if (!held || held->id == offer.heldAs)
        return taken;
    return tr("%1 %2 from %3, which was held back, is put away.")
        .arg(taken, shownName(held->version), shownName(held->source));
}

void PriceSourceCard::await(const QFuture<core::Result<core::PriceOffer>> &offer)
{
    dropOffer();
    m_result->hide();
    setBusy(true);
    core::whenReady(this, offer, [this](const core::Result<core::PriceOffer> &read) {
        setBusy(false);
        if (read)
            show(*read);
        else
            tell(read.error());
        if (m_offer)
            return (m_use->isEnabled() ? static_cast<QWidget *>(m_use) : m_seen)->setFocus();
        showHeldAgain();
    });
}

void PriceSourceCard::await(const QFuture<core::Result<core::Done>> &change,
                            const QString &sentence)
{
    setBusy(true);
    core::whenReady(this, change, [this, sentence](const core::Result<core::Done> &done) {
        setBusy(false);
        if (!done)
            return tell(done.error());
        dropOffer();
        m_result->setRole(TextRole::Body);
        m_result->setText(sentence);
        m_result->show();
    });
}

void PriceSourceCard::show(const core::PriceOffer &offer)
{
    if (offer.diff.changes.isEmpty()) {
        m_result->setRole(TextRole::Body);
        m_result->setText(tr("Nothing new: %1 has the prices that are in use.")
                              .arg(shownName(offer.catalogue.version())));
        return m_result->show();
    }
    m_offer = offer;
    m_offerHead->setText(tr("%1: %2 new, %3 changed, %4 gone. Nothing is used yet.")
                             .arg(shownName(offer.catalogue.version()))
                             .arg(offer.diff.added)
                             .arg(offer.diff.changed)
                             .arg(offer.diff.removed));
    showChanges(offer.diff);
    const QStringList &doubts = offer.diff.doubts;
    QStringList lines{tr("These prices are held back until you decide, for they look odd:")};
    for (const QString &doubt : doubts.mid(0, ShownDoubts))
        lines.append(shownName(doubt));
    if (doubts.size() > ShownDoubts)
        lines.append(tr("and %1 more").arg(doubts.size() - ShownDoubts));
    m_doubts->setText(lines.join(QLatin1Char('\n')));
    m_doubts->setVisible(!doubts.isEmpty());
    m_seen->setVisible(!doubts.isEmpty());
    m_seen->setChecked(false);
    m_offerBox->show();
    setBusy(false);
}

void PriceSourceCard::showChanges(const core::PriceDiff &diff)
{
    const QList<core::PriceChange> changes = core::byWeight(diff);
    QStringList lines{tr("What changes, the largest first; rates in dollars per million tokens:")};
    for (const core::PriceChange &change : changes.mid(0, ShownChanges))
        lines.append(changeText(change));
    m_changes->setText(lines.join(QLatin1Char('\n')));
    m_all->setText(tr("Show all %1").arg(changes.size()));
    m_all->setVisible(changes.size() > ShownChanges);
    m_allChanges->hide();
}

void PriceSourceCard::showAllChanges()
{
    if (!m_offer)
        return;
    QStringList lines;
    for (const core::PriceChange &change : core::byWeight(m_offer->diff))
        lines.append(changeText(change));
    const Theme &theme = m_theme.theme();
    m_allChanges->setFont(theme.small);
    m_allChanges->setFixedHeight(QFontMetrics(theme.small).lineSpacing() * ListedLines +
                                 4 * Theme::Step);
    m_allChanges->setPlainText(lines.join(QLatin1Char('\n')));
    m_allChanges->show();
    m_all->hide();
    m_allChanges->setFocus();
}

//! Another offer stood in its place, and is gone.
void PriceSourceCard::showHeldAgain()
{
    m_heldShown.clear();
    showHeld();
}

void PriceSourceCard::leave()
{
    const bool isOther = m_offer && m_offer->heldAs.isEmpty();
    dropOffer();
    if (isOther)
        return showHeldAgain();
    setBusy(true);
    core::whenReady(this, m_parts.refresh.leave(), [this](const core::Result<core::Done> &left) {
        setBusy(false);
        if (!left)
            tell(left.error());
    });
}

void PriceSourceCard::dropOffer()
{
    m_offer.reset();
    m_offerBox->hide();
}

void PriceSourceCard::tell(const core::Error &error)
{
    m_result->setRole(TextRole::Error);
    m_result->setText(core::userText(error));
    m_result->show();
}

//! One thing at a time: the archive has one writer.
void PriceSourceCard::setBusy(bool busy)
{
    m_isBusy = busy;
    for (QWidget *control : {m_file, m_ask, m_drop})
        control->setEnabled(!busy);
    const bool heldBack = m_offer && !m_offer->diff.doubts.isEmpty() && !m_seen->isChecked();
    m_use->setEnabled(!busy && !heldBack);
    if (m_versions)
        m_versions->setEnabled(!busy);
}

} // namespace ui
