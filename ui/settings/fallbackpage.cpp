#include "ui/settings/fallbackpage.h"

#include "ui/settings/settingslist.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/plainlabel.h"

#include <QCheckBox>
#include <QHBoxLayout>

namespace ui {

namespace {

namespace keys = core::settings;

QString priceOf(const core::ModelDirectory &models, const QString &provider, const QString &model)
{
    for (const core::ModelChoice &choice : models.choicesOf(provider)) {
        if (choice.target.model == model && choice.inputPerMillion && choice.outputPerMillion)
            return FallbackPage::tr("%1 in, %2 out per million")
                .arg(moneyText(*choice.inputPerMillion, Decimals::Exact),
                     moneyText(*choice.outputPerMillion, Decimals::Exact));
    }
    return FallbackPage::tr("price unknown");
}

} // namespace

FallbackPage::FallbackPage(const ThemeSource &theme, core::Settings &settings,
                           const core::ModelDirectory &models, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_settings(settings)
    , m_models(models)
    , m_list(new SettingsList(theme, tr("Fallback models, in order"), this))
    , m_empty(new PlainLabel(theme, TextRole::Muted,
                             tr("None. A failed answer says why and offers to try again."), this))
    , m_add(new PillButton(theme, ButtonLook::Outline, tr("Add a model"), this))
    , m_up(new PillButton(theme, ButtonLook::Outline, tr("Earlier"), this))
    , m_down(new PillButton(theme, ButtonLook::Outline, tr("Later"), this))
    , m_remove(new PillButton(theme, ButtonLook::Outline, tr("Remove"), this))
{
    setObjectName(QStringLiteral("fallbackPage"));
    m_list->setObjectName(QStringLiteral("fallbackList"));
    m_add->setObjectName(QStringLiteral("addFallback"));
    m_up->setObjectName(QStringLiteral("fallbackUp"));
    m_down->setObjectName(QStringLiteral("fallbackDown"));
    m_remove->setObjectName(QStringLiteral("removeFallback"));
    build();
    connect(m_add, &QAbstractButton::clicked, this, [this] { Q_EMIT modelRequested(m_add); });
    connect(m_up, &QAbstractButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QAbstractButton::clicked, this, [this] { move(1); });
    connect(m_remove, &QAbstractButton::clicked, this, &FallbackPage::remove);
    connect(m_list, &QListWidget::currentRowChanged, this, &FallbackPage::refresh);
    connect(&settings, &core::Settings::changed, this, &FallbackPage::refresh);
    refresh();
}

void FallbackPage::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(new PlainLabel(m_theme, TextRole::Heading, tr("Retry and fallback"), this));
    column->addWidget(
        makeCheck(keys::Retry, tr("Ask again after rate limits, overload and lost connections")));
    column->addWidget(makeCheck(keys::Fallback, tr("Then ask another model")));
    column->addWidget(makeCheck(keys::ContinueBrokenAnswers,
                                tr("Continue an answer whose connection broke, once, by itself")));
    auto *promise = new PlainLabel(
        m_theme, TextRole::Small,
        tr("Asked again only before a word was shown; an answer that goes on keeps what it has and "
           "costs its own request. Under each answer stands who gave it. Comparisons do not fall "
           "back."),
        this);
    promise->setWordWrap(true);
    column->addWidget(promise);
    column->addWidget(makeCheck(keys::DrainStopped,
                                tr("After Stop, count the rest unseen to know the exact cost")));
    auto *drain = new PlainLabel(
        m_theme, TextRole::Small,
        tr("This pays for the rest of the answer, up to a minute of it. Without it the connection "
           "is closed at once, and the cost is a range."),
        this);
    drain->setWordWrap(true);
    column->addWidget(drain);
    column->addWidget(
        new PlainLabel(m_theme, TextRole::Section, tr("Models to ask next, in order"), this));
    column->addWidget(m_empty);
    column->addWidget(m_list);
    auto *actions = new QHBoxLayout;
    actions->setSpacing(2 * Theme::Step);
    for (QWidget *each : {m_add, m_up, m_down, m_remove})
        actions->addWidget(each);
    actions->addStretch(1);
    column->addLayout(actions);
    column->addStretch(1);
}

QWidget *FallbackPage::makeCheck(const core::Setting<bool> &setting, const QString &text)
{
    auto *check = new QCheckBox(text, this);
    check->setObjectName(setting.name());
    check->setChecked(m_settings.value(setting));
    connect(check, &QCheckBox::toggled, this, [this, setting](bool on) {
        if (const auto written = m_settings.setValue(setting, on); !written)
            Q_EMIT failed(written.error().detail);
    });
    return check;
}

QStringList FallbackPage::specs() const
{
    return m_settings.value(keys::FallbackTargets).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

void FallbackPage::save(const QStringList &specs)
{
    const auto written = m_settings.setValue(keys::FallbackTargets, specs.join(QLatin1Char('\n')));
    if (!written)
        Q_EMIT failed(written.error().detail);
    refresh();
}

void FallbackPage::add(const core::Target &target)
{
    QStringList all = specs();
    const QString spec = target.provider + QLatin1Char('/') + target.model;
    all.removeAll(spec);
    all.append(spec);
    save(all);
    m_list->setCurrentRow(m_list->count() - 1);
}

void FallbackPage::move(int step)
{
    QStringList all = specs();
    const int from = m_list->currentRow();
    const int to = from + step;
    if (from < 0 || to < 0 || to >= all.size())
        return;
    all.move(from, to);
    save(all);
    m_list->setCurrentRow(to);
}

void FallbackPage::remove()
{
    QStringList all = specs();
    const int row = m_list->currentRow();
    if (row < 0 || row >= all.size())
        return;
    all.removeAt(row);
    save(all);
}

void FallbackPage::refresh()
{
    const QStringList all = specs();
    QList<SettingsRow> rows;
    for (const QString &spec : all) {
        core::Target target;
        target.provider = spec.section(QLatin1Char('/'), 0, 0);
        target.model = spec.section(QLatin1Char('/'), 1);
        SettingsRow row;
        row.id = spec;
        row.title = m_models.nameOf(target);
        row.detail = m_models.providerNameOf(target.provider) + QStringLiteral(" · ") +
                     priceOf(m_models, target.provider, target.model);
        rows.append(row);
    }
    m_list->setRows(rows);
    m_list->setFixedHeight(m_list->heightOfRows());
    m_list->setVisible(!rows.isEmpty());
    m_empty->setVisible(rows.isEmpty());
    const int row = m_list->currentRow();
    m_up->setVisible(rows.size() > 1);
    m_down->setVisible(rows.size() > 1);
    m_up->setEnabled(row > 0);
    m_down->setEnabled(row >= 0 && row + 1 < rows.size());
    m_remove->setVisible(!rows.isEmpty());
    m_remove->setEnabled(row >= 0);
}

} // namespace ui
