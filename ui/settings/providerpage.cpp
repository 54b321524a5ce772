#include "ui/settings/providerpage.h"

#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "core/settings/settings.h"
#include "ui/settings/awsprofilefield.h"
#include "ui/settings/deploymenttable.h"
#include "ui/settings/formrows.h"
#include "ui/settings/healthtexts.h"
#include "ui/settings/keypairfield.h"
#include "ui/settings/limitfields.h"
#include "ui/settings/modeltable.h"
#include "ui/settings/providerhealth.h"
#include "ui/settings/providertraffic.h"
#include "ui/settings/signinfield.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/statuspill.h"

#include <QFrame>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>

namespace ui {

namespace {

constexpr int LabelSpace = 4 * Theme::Step;
constexpr int LinkInset = 6; //!< Of a link button's text.

} // namespace

ProviderPage::ProviderPage(const ThemeSource &theme, const ProviderPageParts &parts,
                           QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_accounts(parts.accounts)
    , m_models(parts.models)
    , m_reports(parts.health)
    , m_clock(parts.clock)
    , m_name(new PlainLabel(theme, TextRole::Heading, {}, this))
    , m_state(new StatusPill(theme, Tone::Neutral, {}, this))
    , m_test(new PillButton(theme, ButtonLook::Outline, tr("Test connection"), this))
    , m_testResult(new PlainLabel(theme, TextRole::Muted, {}, this))
    , m_notice(new NoticeBar(theme, this))
    , m_proofLabel(new PlainLabel(theme, TextRole::Muted, tr("Use"), this))
    , m_proofBox(new QWidget(this))
    , m_inUse(new PlainLabel(theme, TextRole::Small, {}, m_proofBox))
    , m_keyLabel(new PlainLabel(theme, TextRole::Muted, {}, this))
    , m_keyBox(new QWidget(this))
    , m_pair(new KeyPairField(theme, m_keyBox))
    , m_profile(new AwsProfileField(theme, parts.accounts, parts.settings, m_keyBox))
    , m_signIn(new SignInField(theme, parts.accounts, parts.notes, parts.entra, m_keyBox))
    , m_environmentText(new PlainLabel(theme, TextRole::Body, {}, m_keyBox))
    , m_keyStoredRow(new QFrame(m_keyBox))
    , m_keyStored(new PlainLabel(theme, TextRole::Body, {}, m_keyStoredRow))
    , m_key(new QLineEdit(m_keyBox))
    , m_save(new PillButton(theme, ButtonLook::Primary, tr("Save key"), m_keyBox))
    , m_environment(new PillButton(theme, ButtonLook::Link, {}, m_keyBox))
    , m_help(new PillButton(theme, ButtonLook::Link, tr("Where to get a key"), m_keyBox))
    , m_keyHint(new PlainLabel(theme, TextRole::Small, {}, m_keyBox))
    , m_regionLabel(new PlainLabel(theme, TextRole::Muted, tr("Region"), this))
    , m_regionBox(new QWidget(this))
    , m_region(new QLineEdit(m_regionBox))
    , m_regionHint(new PlainLabel(theme, TextRole::Small, {}, m_regionBox))
    , m_baseUrl(new QLineEdit(this))
    , m_baseUrlHint(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_formLabel(new PlainLabel(theme, TextRole::Muted, tr("API"), this))
    , m_formBox(new QWidget(this))
    , m_authority(new AuthorityField(theme, parts.notes, parts.certificatesIn, this))
    , m_limits(new LimitFields(theme, parts.notes, parts.endpoints, this))
    , m_healthLabel(new PlainLabel(theme, TextRole::Muted, tr("Health"), this))
    , m_health(new ProviderHealth(theme, parts.health, parts.models.lists(), parts.settings,
                                  parts.clock, this))
    , m_trafficLabel(new PlainLabel(theme, TextRole::Muted, tr("Requests"), this))
    , m_traffic(new ProviderTraffic(
          theme, {parts.accounts, parts.models, parts.health, parts.endpoints}, this))
    , m_modelsHead(new PlainLabel(theme, TextRole::Strong, tr("Models"), this))
    , m_listed(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_refresh(new PillButton(theme, ButtonLook::Link, tr("Refresh"), this))
    , m_filter(new QLineEdit(this))
    , m_table(new ModelTable(theme, this))
    , m_deployments(new DeploymentTable(theme, parts.models.lists(), this))
    , m_abilities(new PlainLabel(theme, TextRole::Small, {}, this))
{
    setObjectName(QStringLiteral("providerPage"));
    build();
    connectParts();
    connectProofs();
    connectModels();
}

void ProviderPage::build()
{
    m_test->setObjectName(QStringLiteral("testConnection"));
    m_name->setObjectName(QStringLiteral("providerName"));
    m_state->setObjectName(QStringLiteral("providerState"));
    m_testResult->setObjectName(QStringLiteral("testResult"));
    m_testResult->setWordWrap(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4 * Theme::Step);
    QHBoxLayout *head = rowOf({m_name, m_state});
    head->addStretch(1);
    head->addWidget(m_test);
    column->addLayout(head);
    column->addWidget(m_testResult);
    column->addWidget(m_notice);
    auto *form = new QGridLayout;
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(LabelSpace);
    form->setVerticalSpacing(4 * Theme::Step);
    form->setColumnMinimumWidth(0, LabelColumn - LabelSpace);
    form->setColumnStretch(1, 1);
    // A label stands on the line of its field's first row.
    const auto addField = [form](QWidget *label, QWidget *field) {
        label->setContentsMargins(0, 2 * Theme::Step, 0, 0);
        const int row = form->rowCount();
        form->addWidget(label, row, 0, Qt::AlignTop);
        form->addWidget(field, row, 1);
    };
    addField(m_proofLabel, makeProofField());
    addField(m_keyLabel, makeKeyField());
    addField(m_regionLabel, makeRegionField());
    addField(new PlainLabel(m_theme, TextRole::Muted, tr("Base URL"), this), makeAddressField());
    addField(m_formLabel, makeFormField());
    for (QWidget *fields : {static_cast<QWidget *>(m_authority), static_cast<QWidget *>(m_limits)})
        form->addWidget(fields, form->rowCount(), 0, 1, 2); // with labels of their own
    addField(m_healthLabel, m_health);
    addField(m_trafficLabel, m_traffic);
    column->addLayout(form);
    column->addWidget(makeModels());
    column->addStretch(1);
    m_notice->setObjectName(QStringLiteral("providerNotice"));
    m_notice->hide();
    m_testResult->hide();
}

QWidget *ProviderPage::makeProofField()
{
    m_inUse->setObjectName(QStringLiteral("stillInUse"));
    m_inUse->setWordWrap(true);
    m_proofRow = rowOf({});
    m_proofRow->addStretch(1);
    QVBoxLayout *column = fieldColumn(m_proofBox);
    column->addLayout(m_proofRow);
    column->addWidget(m_inUse);
    return m_proofBox;
}

QWidget *ProviderPage::makeRegionField()
{
    m_region->setObjectName(QStringLiteral("region"));
    m_region->setAccessibleName(tr("Region"));
    m_regionHint->setObjectName(QStringLiteral("regionHint"));
    m_regionHint->setWordWrap(true);
    QVBoxLayout *column = fieldColumn(m_regionBox);
    column->addWidget(m_region);
    column->addWidget(m_regionHint);
    return m_regionBox;
}

QWidget *ProviderPage::makeKeyField()
{
    m_environmentText->setObjectName(QStringLiteral("environmentText"));
    m_environmentText->setWordWrap(true);
    m_key->setObjectName(QStringLiteral("keyField"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setAccessibleName(tr("API key"));
    m_save->setObjectName(QStringLiteral("saveKey"));
    m_environment->setObjectName(QStringLiteral("useEnvironment"));
    m_keyStored->setObjectName(QStringLiteral("keyStored"));
    m_keyHint->setWordWrap(true);
    auto *replace = new PillButton(m_theme, ButtonLook::Link, tr("Replace"), m_keyStoredRow);
    replace->setObjectName(QStringLiteral("replaceKey"));
    auto *remove = new PillButton(m_theme, ButtonLook::Link, tr("Remove"), m_keyStoredRow);
    remove->setObjectName(QStringLiteral("removeKey"));
    connect(replace, &QAbstractButton::clicked, this, [this] {
        m_replacing = true;
        refresh();
        focusKey();
    });
    connect(remove, &QAbstractButton::clicked, this, &ProviderPage::removeKey);
    m_keyStoredRow->setProperty("boxed", true); // as the field that it stands for
    auto *stored = rowOf({m_keyStored, replace, remove});
    stored->setContentsMargins(2 * Theme::Step, 0, LinkInset / 2, 0);
    stored->setSpacing(0);
    stored->setStretch(0, 1);
    m_keyStoredRow->setLayout(stored);

    QVBoxLayout *column = fieldColumn(m_keyBox);
    column->addWidget(m_keyStoredRow);
    column->addLayout(rowOf({m_key, m_save}));
    for (QWidget *widget :
         {static_cast<QWidget *>(m_pair), static_cast<QWidget *>(m_profile),
          static_cast<QWidget *>(m_signIn), static_cast<QWidget *>(m_environmentText)})
        column->addWidget(widget);
    column->addWidget(m_keyHint);
    QHBoxLayout *ways = rowOf({m_help, m_environment});
    ways->setContentsMargins(-LinkInset, 0, 0, 0);
    ways->addStretch(1);
    column->addLayout(ways);
    return m_keyBox;
}

QWidget *ProviderPage::makeAddressField()
{
    m_baseUrl->setObjectName(QStringLiteral("baseUrl"));
    m_baseUrl->setAccessibleName(tr("Base URL"));
    m_baseUrlHint->setObjectName(QStringLiteral("baseUrlHint"));
    m_baseUrlHint->setWordWrap(true);
    auto *box = new QWidget(this);
    QVBoxLayout *column = fieldColumn(box);
    column->addWidget(m_baseUrl);
    column->addWidget(m_baseUrlHint);
    return box;
}

void ProviderPage::connectParts()
{
    connect(m_save, &QAbstractButton::clicked, this,
            [this] { saveKey(core::KeySource::Keychain); });
    connect(m_key, &QLineEdit::returnPressed, this, [this] { saveKey(core::KeySource::Keychain); });
    connect(m_key, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_save->setEnabled(!text.trimmed().isEmpty()); });
    connect(m_environment, &QAbstractButton::clicked, this, &ProviderPage::useEnvironment);
    connect(m_help, &QAbstractButton::clicked, this, [this] {
        Q_EMIT linkRequested(m_help->text(),
                             m_accounts.provider(m_provider)->keyHelpUrl.toString());
    });
    connect(m_baseUrl, &QLineEdit::editingFinished, this, &ProviderPage::saveBaseUrl);
    connect(m_notice, &NoticeBar::actionChosen, this, &ProviderPage::chooseNoticeAction);
    connect(&m_reports, &core::Health::changed, this, &ProviderPage::refreshState);
    connect(&m_accounts, &core::AccountSetup::changed, this, [this](const QString &account) {
        if (m_provider.isEmpty())
            return;
        if (account == m_accounts.accountOf(m_provider).provider)
            forgetTest();
        refresh();
    });
}

void ProviderPage::show(const QString &provider)
{
    m_provider = provider;
    m_ask = Ask::Nothing;
    m_pending = {};
    m_replacing = false;
    m_notice->hide();
    m_key->clear();
    m_pair->clear();
    m_save->setEnabled(false);
    forgetTest();
    m_filter->clear();
    m_baseUrl->setText(m_accounts.accountOf(provider).baseUrl.toString());
    tellAddress({});
    m_region->setText(m_accounts.region(provider));
    m_regionHint->setRole(TextRole::Small);
    const core::ProviderInfo *row = m_accounts.provider(provider);
    m_proofs = row ? proofsOf(*row) : QList<Proof>();
    m_proof = proofOf(m_accounts.accountOf(provider));
    if (!m_proofs.contains(m_proof))
        m_proof = Proof::Key; // the environment's key has no segment of its own here
    showProofs();
    showForms();
    m_authority->show(provider);
    m_authority->setVisible(row && !row->simulated);
    m_limits->show(provider);
    m_limits->setVisible(row && !row->simulated);
    const core::ProviderInfo *owner = m_accounts.provider(m_accounts.accountOf(provider).provider);
    m_health->show(provider, owner ? owner->name : QString());
    m_healthLabel->setVisible(row && !row->simulated);
    m_health->setVisible(row && !row->simulated);
    m_traffic->show(provider);
    m_trafficLabel->setVisible(row && !row->simulated);
    m_traffic->setVisible(row && !row->simulated);
    m_deployments->show(row && row->deployments ? provider : QString());
    if (m_proofs.contains(Proof::AwsProfile))
        m_profile->show(provider);
    m_signIn->show(m_proofs.contains(Proof::SignIn) ? provider : QString());
    refresh();
}

void ProviderPage::focusKey()
{
    if (m_key->isVisibleTo(this))
        m_key->setFocus();
    else if (m_pair->isVisibleTo(this))
        m_pair->focusFirst();
}

void ProviderPage::refresh()
{
    const core::ProviderInfo *row = m_accounts.provider(m_provider);
    if (!row)
        return;
    const core::Account account = m_accounts.accountOf(m_provider);
    const core::ProviderInfo *owner = m_accounts.provider(account.provider);
    m_name->setText(owner ? owner->name : row->name);
    const core::AccountState state = m_accounts.state(m_provider);
    refreshState();
    refreshProofs(*row, account);
    refreshKey(*row, account);
    refreshRegion(*row);
    if (!m_baseUrl->hasFocus())
        m_baseUrl->setText(account.baseUrl.toString());
    m_baseUrl->setEnabled(!row->simulated);
    if (state == core::AccountState::Unconfirmed && (m_ask == Ask::Nothing || m_ask == Ask::Undo)) {
        const bool canUndo = m_ask == Ask::Undo;
        m_ask = Ask::ConfirmHost;
        m_notice->show(Tone::Warning,
                       tr("The address changed. May the key go to %1?").arg(account.baseUrl.host()),
                       canUndo ? QStringList{tr("Send the key there"), tr("Undo")}
                               : QStringList{tr("Send the key there")});
    } else if (state != core::AccountState::Unconfirmed && m_ask == Ask::ConfirmHost) {
        m_ask = Ask::Nothing;
        m_notice->hide();
    }
    refreshModels();
}

//! Beside the name, what matters most.
void ProviderPage::refreshState()
{
    const core::ProviderInfo *row = m_accounts.provider(m_provider);
    if (!row)
        return;
    const core::HealthReport report = m_reports.provider(m_provider);
    const bool isUsed = report.verdict() != core::HealthVerdict::NotUsed;
    const bool isChanged = m_accounts.state(m_provider) == core::AccountState::Unconfirmed;
    m_state->setVisible(isChanged || isUsed || row->local);
    if (isChanged)
        return m_state->setStatus(Tone::Warning, tr("Host changed"));
    if (!isUsed)
        return m_state->setStatus(Tone::Neutral, tr("On this computer"));
    const HealthWord word = healthHead(report);
    m_state->setStatus(word.tone, word.text);
}

void ProviderPage::refreshRegion(const core::ProviderInfo &row)
{
    m_regionLabel->setVisible(!row.regionUrl.isEmpty());
    m_regionBox->setVisible(!row.regionUrl.isEmpty());
    const QString region = m_accounts.region(m_provider);
    if (!m_region->hasFocus())
        m_region->setText(region);
    m_region->setPlaceholderText(tr("The base URL is not that of a region"));
    m_regionHint->setRole(TextRole::Small);
    m_regionHint->setText(tr("Such as eu-west-1. The base URL follows it."));
}

void ProviderPage::chooseNoticeAction(int index)
{
    const Ask ask = std::exchange(m_ask, Ask::Nothing);
    m_notice->hide();
    if (ask == Ask::KeepForSession) {
        if (index == 2)
            return useEnvironment();
        saveKey(index == 0 ? core::KeySource::Keychain : core::KeySource::Session);
    } else if (ask == Ask::Undo || index > 0) {
        takeBack();
    } else if (ask == Ask::ConfirmHost) {
        core::whenReady(this, m_accounts.confirmOrigin(m_provider),
                        [this, provider = m_provider](const core::Result<core::Done> &confirmed) {
                            if (!confirmed && m_provider == provider)
                                tell(confirmed.error());
                        });
    }
}

void ProviderPage::tellAddress(const QString &problem)
{
    m_baseUrlHint->setRole(problem.isEmpty() ? TextRole::Small : TextRole::Error);
    if (!problem.isEmpty())
        return m_baseUrlHint->setText(problem);
    const core::ProviderInfo *row = m_accounts.provider(m_provider);
    const QString form = row ? row->baseUrlForm : QString();
    m_baseUrlHint->setText((form.isEmpty() ? QString() : form + QLatin1Char('\n')) +
                           tr("Only https, except for addresses on this computer."));
}

void ProviderPage::saveBaseUrl()
{
    if (m_provider.isEmpty() ||
        m_baseUrl->text().trimmed() == m_accounts.accountOf(m_provider).baseUrl.toString())
        return tellAddress({});
    const core::Account before = m_accounts.accountOf(m_provider);
    const core::Result<core::Done> saved = m_accounts.setBaseUrl(m_provider, m_baseUrl->text());
    tellAddress(saved ? QString() : core::userText(saved.error()));
    if (saved)
        offerUndo(tr("The address was changed"), before);
}

void ProviderPage::saveRegion()
{
    const QString typed = m_region->text().trimmed();
    if (m_provider.isEmpty() || typed.isEmpty() || typed == m_accounts.region(m_provider))
        return;
    const core::Account before = m_accounts.accountOf(m_provider);
    core::whenReady(this, m_accounts.setRegion(m_provider, typed),
                    [this, before, provider = m_provider](const core::Result<core::Done> &saved) {
                        if (m_provider != provider)
                            return;
                        if (saved)
                            return offerUndo(tr("The region is now %1").arg(m_region->text()),
                                             before);
                        m_regionHint->setRole(TextRole::Error);
                        m_regionHint->setText(core::userText(saved.error()));
                    });
}

void ProviderPage::offerUndo(const QString &sentence, const core::Account &before)
{
    m_before = before;
    m_ask = Ask::Undo;
    m_notice->show(Tone::Neutral, sentence, {tr("Undo")});
    refresh(); // a host to be confirmed comes first
}

void ProviderPage::takeBack()
{
    m_accounts.restore(m_before);
    show(m_provider);
}

void ProviderPage::tell(const core::Error &error)
{
    m_notice->show(Tone::Error, textOnPage(error, m_name->text()));
}

} // namespace ui
