#include "ui/settings/providerpage.h"

#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "ui/settings/modeltable.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/statuspill.h"

#include <QElapsedTimer>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>

namespace ui {

namespace {

constexpr int LabelWidth = 150;
constexpr int LinkInset = 6; //!< Of a link button's text.

QHBoxLayout *rowOf(std::initializer_list<QWidget *> widgets)
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2 * Theme::Step);
    for (QWidget *widget : widgets)
        row->addWidget(widget);
    return row;
}

QVBoxLayout *fieldColumn(QWidget *box)
{
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::Step);
    return column;
}

} // namespace

ProviderPage::ProviderPage(const ThemeSource &theme, core::AccountSetup &accounts,
                           const core::ModelDirectory &models, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_accounts(accounts)
    , m_models(models)
    , m_name(new PlainLabel(theme, TextRole::Heading, {}, this))
    , m_state(new StatusPill(theme, Tone::Neutral, {}, this))
    , m_test(new PillButton(theme, ButtonLook::Outline, tr("Test connection"), this))
    , m_testResult(new PlainLabel(theme, TextRole::Muted, {}, this))
    , m_notice(new NoticeBar(theme, this))
    , m_keyLabel(new PlainLabel(theme, TextRole::Muted, tr("API key"), this))
    , m_keyBox(new QWidget(this))
    , m_keyStoredRow(new QWidget(m_keyBox))
    , m_keyStored(new PlainLabel(theme, TextRole::Body, {}, m_keyStoredRow))
    , m_key(new QLineEdit(m_keyBox))
    , m_save(new PillButton(theme, ButtonLook::Primary, tr("Save key"), m_keyBox))
    , m_environment(new PillButton(theme, ButtonLook::Link, {}, m_keyBox))
    , m_help(new PillButton(theme, ButtonLook::Link, tr("Where to get a key"), m_keyBox))
    , m_keyHint(new PlainLabel(theme, TextRole::Small, {}, m_keyBox))
    , m_baseUrl(new QLineEdit(this))
    , m_baseUrlHint(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_modelsHead(new PlainLabel(theme, TextRole::Strong, tr("Models"), this))
    , m_filter(new QLineEdit(this))
    , m_table(new ModelTable(theme, this))
{
    setObjectName(QStringLiteral("providerPage"));
    build();
    connectParts();
}

void ProviderPage::build()
{
    m_test->setObjectName(QStringLiteral("testConnection"));
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
    form->setHorizontalSpacing(4 * Theme::Step);
    form->setVerticalSpacing(4 * Theme::Step);
    form->setColumnMinimumWidth(0, LabelWidth);
    form->setColumnStretch(1, 1);
    // A label stands on the line of its field's first row.
    const auto addField = [form](QWidget *label, QWidget *field) {
        label->setContentsMargins(0, 2 * Theme::Step, 0, 0);
        const int row = form->rowCount();
        form->addWidget(label, row, 0, Qt::AlignTop);
        form->addWidget(field, row, 1);
    };
    addField(m_keyLabel, makeKeyField());
    addField(new PlainLabel(m_theme, TextRole::Muted, tr("Base URL"), this), makeAddressField());
    column->addLayout(form);
    column->addWidget(makeModels());
    column->addStretch(1);
    m_notice->setObjectName(QStringLiteral("providerNotice"));
    m_notice->hide();
    m_testResult->hide();
}

QWidget *ProviderPage::makeKeyField()
{
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
        m_key->setFocus();
    });
    connect(remove, &QAbstractButton::clicked, this, &ProviderPage::removeKey);
    auto *stored = rowOf({m_keyStored, replace, remove});
    stored->setStretch(0, 1);
    m_keyStoredRow->setLayout(stored);

    QVBoxLayout *column = fieldColumn(m_keyBox);
    column->addWidget(m_keyStoredRow);
    column->addLayout(rowOf({m_key, m_save}));
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

QWidget *ProviderPage::makeModels()
{
    constexpr int FilterWidth = 200;
    m_filter->setObjectName(QStringLiteral("modelFilter"));
    m_filter->setAccessibleName(tr("Filter models"));
    m_filter->setFixedWidth(FilterWidth);
    auto *box = new QWidget(this);
    QVBoxLayout *column = fieldColumn(box);
    column->setSpacing(2 * Theme::Step);
    QHBoxLayout *head = rowOf({m_modelsHead});
    head->addStretch(1);
    head->addWidget(m_filter);
    column->addLayout(head);
    auto *card = new Card(m_theme, box);
    auto *inside = new QVBoxLayout(card);
    inside->setContentsMargins(2 * Theme::Step, Theme::Step, 2 * Theme::Step, Theme::Step);
    inside->addWidget(m_table);
    column->addWidget(card);
    m_modelsBox = box;
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
    connect(m_test, &QAbstractButton::clicked, this, &ProviderPage::test);
    connect(m_notice, &NoticeBar::actionChosen, this, &ProviderPage::chooseNoticeAction);
    connect(m_filter, &QLineEdit::textChanged, m_table, &ModelTable::setFilter);
    connect(&m_models.lists(), &core::ModelLists::changed, this, [this](const QString &provider) {
        if (provider == m_provider)
            refreshModels();
    });
    connect(&m_accounts, &core::AccountSetup::changed, this, [this] {
        if (!m_provider.isEmpty())
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
    m_save->setEnabled(false);
    m_testResult->hide();
    m_filter->clear();
    m_baseUrl->setText(m_accounts.accountOf(provider).baseUrl.toString());
    tellAddress({});
    ++m_testNumber;
    m_test->setEnabled(true);
    refresh();
}

void ProviderPage::focusKey()
{
    if (m_key->isVisibleTo(this))
        m_key->setFocus();
}

void ProviderPage::refresh()
{
    const core::ProviderInfo *row = m_accounts.provider(m_provider);
    if (!row)
        return;
    const core::Account account = m_accounts.accountOf(m_provider);
    m_name->setText(row->name);
    const core::AccountState state = m_accounts.state(m_provider);
    m_state->setVisible(state == core::AccountState::Unconfirmed || row->local);
    if (state == core::AccountState::Unconfirmed)
        m_state->setStatus(Tone::Warning, tr("Host changed"));
    else
        m_state->setStatus(Tone::Neutral, tr("On this computer"));
    refreshKey(*row, account);
    if (!m_baseUrl->hasFocus())
        m_baseUrl->setText(account.baseUrl.toString());
    m_baseUrl->setEnabled(!row->simulated);
    if (state == core::AccountState::Unconfirmed && m_ask == Ask::Nothing) {
        m_ask = Ask::ConfirmHost;
        m_notice->show(Tone::Warning,
                       tr("The address changed. May the key go to %1?").arg(account.baseUrl.host()),
                       {tr("Send the key there")});
    } else if (state != core::AccountState::Unconfirmed && m_ask == Ask::ConfirmHost) {
        m_ask = Ask::Nothing;
        m_notice->hide();
    }
    refreshModels();
}

void ProviderPage::refreshKey(const core::ProviderInfo &row, const core::Account &account)
{
    const bool takesKey = !row.authHeader.isEmpty() && !row.simulated;
    m_keyLabel->setVisible(takesKey);
    m_keyBox->setVisible(takesKey);
    const bool environment = account.keySource == core::KeySource::Environment;
    const bool stored = account.keySaved || environment;
    const QString dots(8, QChar(0x2022));
    m_keyStored->setText(environment ? tr("%1 from the environment").arg(row.keyEnv)
                                     : tr("%1 ends in %2").arg(dots, account.lastFour));
    m_keyStoredRow->setVisible(stored && !m_replacing);
    m_key->setVisible(!stored || m_replacing);
    m_save->setVisible(!stored || m_replacing);
    m_key->setPlaceholderText(row.keyRequired ? tr("Paste a key") : tr("Only if the server asks"));
    if (environment)
        m_keyHint->setText(tr("Read at each request; never copied."));
    else if (stored && account.keySource == core::KeySource::Session)
        m_keyHint->setText(tr("Kept in memory until you quit."));
    else
        m_keyHint->setText(tr("Stored in the system keychain. Never written to disk or logs by "
                              "Farthing."));
    if (!row.keyForm.isEmpty() && !stored)
        m_keyHint->setText(row.keyForm + QLatin1Char('\n') + m_keyHint->text());
    m_environment->setText(tr("Use %1 from the environment").arg(row.keyEnv));
    m_environment->setVisible(m_accounts.environmentHasKey(m_provider) && !stored);
    m_help->setVisible(!row.keyHelpUrl.isEmpty() && !stored);
}

void ProviderPage::refreshModels()
{
    const QList<core::ModelChoice> models = m_models.choicesOf(m_provider);
    m_modelsBox->setVisible(!models.isEmpty());
    m_filter->setPlaceholderText(
        tr("Filter %n model(s)", nullptr, static_cast<int>(models.size())));
    m_table->setModels(models);
    m_table->setFilter(m_filter->text());
}

void ProviderPage::saveKey(core::KeySource source)
{
    const QByteArray typed = m_key->text().trimmed().toUtf8();
    const core::SecretString key = typed.isEmpty() ? m_pending : core::SecretString(typed);
    m_key->clear(); // nothing of it stays in a widget
    if (key.isEmpty())
        return;
    m_pending = key;
    const QString provider = m_provider;
    core::whenReady(this, m_accounts.setKey(provider, key, source),
                    [this, provider](const core::Result<core::Done> &stored) {
                        if (m_provider != provider)
                            return;
                        if (!stored)
                            return offerOtherPlaces(stored.error());
                        m_pending = {};
                        m_replacing = false;
                        m_ask = Ask::Nothing;
                        m_notice->hide();
                        refresh();
                        Q_EMIT keyStored(provider);
                    });
}

void ProviderPage::offerOtherPlaces(const core::Error &error)
{
    m_ask = Ask::KeepForSession;
    QStringList actions{tr("Try again"), tr("Keep until I quit")};
    if (m_accounts.environmentHasKey(m_provider))
        actions.append(
            tr("Use %1 from the environment").arg(m_accounts.provider(m_provider)->keyEnv));
    m_notice->show(Tone::Warning, tr("The key was not stored: %1").arg(error.detail), actions);
}

void ProviderPage::useEnvironment()
{
    m_pending = {};
    m_accounts.useEnvironment(m_provider);
    Q_EMIT keyStored(m_provider);
}

void ProviderPage::removeKey()
{
    core::whenReady(this, m_accounts.removeKey(m_provider),
                    [this](const core::Result<core::Done> &removed) {
                        if (!removed)
                            tell(removed.error());
                        refresh();
                    });
}

void ProviderPage::chooseNoticeAction(int index)
{
    const Ask ask = std::exchange(m_ask, Ask::Nothing);
    m_notice->hide();
    if (ask == Ask::KeepForSession) {
        if (index == 2)
            return useEnvironment();
        saveKey(index == 0 ? core::KeySource::Keychain : core::KeySource::Session);
    } else if (ask == Ask::ConfirmHost) {
        core::whenReady(this, m_accounts.confirmOrigin(m_provider),
                        [this](const core::Result<core::Done> &confirmed) {
                            if (!confirmed)
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
    const core::Result<core::Done> saved = m_accounts.setBaseUrl(m_provider, m_baseUrl->text());
    tellAddress(saved ? QString() : core::userText(saved.error()));
}

void ProviderPage::test()
{
    saveBaseUrl();
    const int number = ++m_testNumber;
    QElapsedTimer clock;
    clock.start();
    m_test->setEnabled(false);
    m_testResult->setRole(TextRole::Muted);
    m_testResult->setText(tr("Asking %1…").arg(m_accounts.accountOf(m_provider).baseUrl.host()));
    m_testResult->show();
    core::whenReady(
        this, m_models.lists().list(m_provider),
        [this, number, clock](const core::Result<QList<core::ModelInfo>> &models) {
            if (number != m_testNumber)
                return;
            m_test->setEnabled(true);
            m_testResult->setRole(models ? TextRole::Muted : TextRole::Error);
            m_testResult->setText(
                models
                    ? tr("It answers: %n model(s), %1", nullptr, static_cast<int>(models->size()))
                          .arg(durationText(std::chrono::milliseconds(clock.elapsed())))
                    : core::userText(models.error()));
        });
}

void ProviderPage::tell(const core::Error &error)
{
    m_notice->show(Tone::Error, core::userText(error));
}

} // namespace ui
