// The part of a provider's page that is about its models: which form of the API, how old the list
// is, what was named by hand.
#include "core/base/whenready.h"
#include "ui/settings/deploymenttable.h"
#include "ui/settings/durations.h"
#include "ui/settings/formrows.h"
#include "ui/settings/healthtexts.h"
#include "ui/settings/modeltable.h"
#include "ui/settings/providerhealth.h"
#include "ui/settings/providerpage.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/segmentedcontrol.h"

#include <QElapsedTimer>
#include <QLineEdit>

namespace ui {

QWidget *ProviderPage::makeFormField()
{
    m_formRow = rowOf({});
    m_formRow->addStretch(1);
    auto *hint = new PlainLabel(
        m_theme, TextRole::Small,
        tr("One account and key; the model picker offers the models of both."), m_formBox);
    hint->setWordWrap(true);
    QVBoxLayout *column = fieldColumn(m_formBox);
    column->addLayout(m_formRow);
    column->addWidget(hint);
    return m_formBox;
}

QWidget *ProviderPage::makeModels()
{
    constexpr int FilterWidth = 200;
    m_listed->setObjectName(QStringLiteral("listedAt"));
    // Else the row, and with it the page, is wider than a narrow window.
    m_listed->setElide(Qt::ElideRight);
    m_refresh->setObjectName(QStringLiteral("refreshModels"));
    m_refresh->setAccessibleName(tr("Refresh the list of models"));
    m_refresh->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    m_abilities->setObjectName(QStringLiteral("abilities"));
    m_abilities->setWordWrap(true);
    m_filter->setObjectName(QStringLiteral("modelFilter"));
    m_filter->setAccessibleName(tr("Filter models"));
    m_filter->setFixedWidth(FilterWidth);
    auto *box = new QWidget(this);
    QVBoxLayout *column = fieldColumn(box);
    column->setSpacing(2 * Theme::Step);
    QHBoxLayout *head = rowOf({m_modelsHead, m_listed, m_refresh});
    head->addStretch(1);
    head->addWidget(m_filter);
    column->addLayout(head);
    column->addWidget(m_abilities);
    auto *card = new Card(m_theme, box);
    auto *inside = new QVBoxLayout(card);
    inside->setContentsMargins(2 * Theme::Step, Theme::Step, 2 * Theme::Step, Theme::Step);
    inside->addWidget(m_table);
    inside->addWidget(m_deployments);
    column->addWidget(card);
    m_card = card;
    return box;
}

void ProviderPage::connectModels()
{
    connect(m_test, &QAbstractButton::clicked, this, &ProviderPage::test);
    connect(m_refresh, &QAbstractButton::clicked, this, &ProviderPage::test);
    connect(m_filter, &QLineEdit::textChanged, m_table, &ModelTable::setFilter);
    connect(m_table, &ModelTable::wantedChanged, this, [this](const QString &model, bool wanted) {
        m_models.lists().setWanted(m_provider, model, wanted);
    });
    connect(m_health, &ProviderHealth::failed, this,
            [this](const QString &sentence) { m_notice->show(Tone::Error, sentence); });
    connect(&m_models.lists(), &core::ModelLists::changed, this, [this](const QString &provider) {
        if (provider == m_provider)
            refreshModels();
    });
}

void ProviderPage::showForms()
{
    const QString owner = m_accounts.accountOf(m_provider).provider;
    m_forms.clear();
    QStringList names;
    for (const core::ProviderInfo &row : m_accounts.providers()) {
        if (row.id != owner && row.accountOf != owner)
            continue;
        m_forms.append(row.id);
        names.append(row.formName.isEmpty() ? row.name : row.formName);
    }
    m_formLabel->setVisible(m_forms.size() > 1);
    m_formBox->setVisible(m_forms.size() > 1);
    SegmentedControl *before = m_formChoice;
    m_formChoice = new SegmentedControl(m_theme, names, m_formBox);
    m_formChoice->setObjectName(QStringLiteral("formChoice"));
    m_formChoice->setAccessibleName(tr("Form of the API"));
    m_formChoice->setCurrent(static_cast<int>(m_forms.indexOf(m_provider)));
    m_formRow->insertWidget(0, m_formChoice);
    connect(m_formChoice, &SegmentedControl::chosen, this,
            [this](int index) { show(m_forms.at(index)); });
    if (!before)
        return;
    const bool hadFocus = before->hasFocus();
    m_formChoice->show(); // what is not seen yet takes no focus
    if (hadFocus)
        m_formChoice->setFocus();
    before->setObjectName({}); // it may be what called
    before->hide();
    before->deleteLater();
}

void ProviderPage::refreshModels()
{
    const core::ProviderInfo *row = m_accounts.provider(m_provider);
    if (!row)
        return;
    const QList<core::ModelChoice> models =
        row->deployments ? QList<core::ModelChoice>() : m_models.choicesOf(m_provider);
    const bool hasAddress = !m_accounts.accountOf(m_provider).baseUrl.isEmpty();
    m_modelsHead->setText(row->deployments ? tr("Deployments") : tr("Models"));
    m_deployments->setVisible(row->deployments);
    m_table->setVisible(!row->deployments);
    m_card->setVisible(row->deployments ? hasAddress : !models.isEmpty());
    m_filter->setVisible(!models.isEmpty());
    m_filter->setPlaceholderText(
        tr("Filter %n model(s)", nullptr, static_cast<int>(models.size())));
    m_table->setModels(models);
    m_table->setFilter(m_filter->text());
    refreshListed(*row);
}

void ProviderPage::refreshListed(const core::ProviderInfo &row)
{
    const bool hasAddress = !m_accounts.accountOf(row.id).baseUrl.isEmpty();
    const auto at = m_models.lists().listedAt(row.id);
    m_refresh->setVisible(!row.deployments && hasAddress);
    if (row.deployments)
        m_listed->setText(hasAddress ? tr("As you named them at this resource")
                                     : tr("They belong to a resource: enter its base URL first"));
    else if (at)
        m_listed->setText(tr("Listed %1").arg(agoText(*at, m_clock.utcNow())));
    else
        m_listed->setText(tr("Not listed yet; these come from the price catalogue"));
    if (!row.deployments && !at && m_models.choicesOf(row.id).isEmpty())
        m_listed->setText(tr("Not listed yet"));
    QStringList takes{tr("text")};
    if (row.images)
        takes.append(tr("images"));
    if (row.documents)
        takes.append(tr("documents"));
    if (row.tools)
        takes.append(row.toolChoice ? tr("tools") : tr("tools (not a choice among them)"));
    if (row.reasoningEffort)
        takes.append(tr("a reasoning effort"));
    m_abilities->setText(
        tr("What this API takes, where the model does: %1.").arg(takes.join(QStringLiteral(", "))));
}

void ProviderPage::test()
{
    saveBaseUrl();
    forgetTest();
    if (m_accounts.accountOf(m_provider).baseUrl.isEmpty()) {
        m_testResult->setRole(TextRole::Error);
        m_testResult->setText(tr("Enter the base URL first."));
        m_testResult->show();
        m_baseUrl->setFocus();
        return;
    }
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
                    : textOnPage(models.error(), m_name->text()));
        });
}

void ProviderPage::forgetTest()
{
    ++m_testNumber;
    m_test->setEnabled(true);
    m_testResult->hide();
}

} // namespace ui
