#include "ui/settings/awsprofilefield.h"

#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "core/secrets/awsprofilekeystore.h"
#include "ui/settings/formrows.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/filterpopup.h"
#include "ui/widgets/plainlabel.h"

#include <QCheckBox>
#include <QDir>

namespace ui {

namespace {

using Kind = core::AwsProfile::Kind;
namespace keys = core::settings;

QString kindText(const core::AwsProfile &profile)
{
    switch (profile.kind) {
    case Kind::Keys:
        return AwsProfileField::tr("access keys in a file");
    case Kind::Process:
        return AwsProfileField::tr("keys from a program");
    case Kind::Unsupported:
        return AwsProfileField::tr("%1: not supported").arg(profile.obstacle);
    case Kind::Broken:
        return AwsProfileField::tr("its keys are not whole");
    case Kind::Empty:
        return AwsProfileField::tr("no keys");
    }
    return {};
}

QString homely(QString path)
{
    const QString home = QDir::homePath() + QLatin1Char('/');
    return path.startsWith(home) ? QStringLiteral("~/") + path.sliced(home.size()) : path;
}

} // namespace

AwsProfileField::AwsProfileField(const ThemeSource &theme, core::AccountSetup &accounts,
                                 core::Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_accounts(accounts)
    , m_settings(settings)
    , m_choice(new PillButton(theme, ButtonLook::Field, {}, this))
    , m_hint(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_process(new QCheckBox(tr("Run the program that this profile names"), this))
    , m_command(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_popup(new FilterPopup(theme, this))
{
    build();
    connect(m_choice, &QAbstractButton::clicked, this, [this] {
        load();
        fillPopup();
        m_popup->openAbove(m_choice);
    });
    connect(m_popup, &FilterPopup::chosen, this, &AwsProfileField::choose);
    connect(m_process, &QAbstractButton::clicked, this, [this](bool checked) {
        const auto set = m_settings.setValue(keys::CredentialProcess, checked);
        if (!set)
            Q_EMIT failed(core::userText(set.error()));
        refresh();
    });
    connect(&accounts, &core::AccountSetup::changed, this, &AwsProfileField::refresh);
}

void AwsProfileField::build()
{
    m_choice->setObjectName(QStringLiteral("awsProfile"));
    m_choice->setMenuMark(true);
    m_hint->setObjectName(QStringLiteral("awsProfileHint"));
    m_hint->setWordWrap(true);
    m_process->setObjectName(QStringLiteral("allowProcess"));
    m_command->setObjectName(QStringLiteral("processCommand"));
    m_command->setWordWrap(true);
    m_popup->setObjectName(QStringLiteral("awsProfiles"));
    m_popup->setPlaceholder(tr("Filter profiles"));
    QVBoxLayout *column = fieldColumn(this);
    column->addWidget(m_choice);
    column->addWidget(m_hint);
    column->addWidget(m_process);
    column->addWidget(m_command);
}

void AwsProfileField::show(const QString &provider)
{
    m_provider = provider;
    refresh();
    load();
}

void AwsProfileField::load()
{
    core::whenReady(this, core::AwsProfileKeyStore::profiles(),
                    [this](const core::Result<QList<core::AwsProfile>> &profiles) {
                        m_loaded = true;
                        m_profiles = profiles ? *profiles : QList<core::AwsProfile>();
                        m_problem = profiles ? QString() : core::userText(profiles.error());
                        refresh();
                        if (m_popup->isVisible())
                            fillPopup();
                    });
}

const core::AwsProfile *AwsProfileField::profile(const QString &name) const
{
    for (const core::AwsProfile &each : m_profiles) {
        if (each.name == name)
            return &each;
    }
    return nullptr;
}

void AwsProfileField::refresh()
{
    if (m_provider.isEmpty())
        return;
    const QString name = m_accounts.accountOf(m_provider).awsProfile;
    const core::AwsProfile *chosen = profile(name);
    const core::AwsEnvironment environment = core::AwsEnvironment::current();
    m_choice->setText(name.isEmpty() ? tr("Choose a profile") : name);
    m_choice->setAccessibleName(tr("AWS profile: %1").arg(m_choice->text()));
    const bool isBad = chosen && chosen->kind != Kind::Keys && chosen->kind != Kind::Process;
    const bool isLost = m_loaded && !name.isEmpty() && !chosen;
    m_hint->setRole(isBad || isLost || !m_problem.isEmpty() ? TextRole::Error : TextRole::Small);
    if (!m_problem.isEmpty())
        m_hint->setText(m_problem);
    else if (isBad)
        m_hint->setText(core::awsProfileProblem(*chosen).detail);
    else if (isLost)
        m_hint->setText(tr("This profile is no longer in AWS's files."));
    else if (m_loaded && m_profiles.isEmpty())
        m_hint->setText(
            tr("Neither %1 nor %2 names a profile. Run: aws configure")
                .arg(homely(environment.credentialsFile), homely(environment.configFile)));
    else
        m_hint->setText(
            tr("Read from %1 and %2 at each request; never copied.")
                .arg(homely(environment.credentialsFile), homely(environment.configFile)));
    const bool runs = chosen && chosen->kind == Kind::Process;
    m_process->setVisible(runs);
    m_process->setChecked(m_settings.value(keys::CredentialProcess));
    m_command->setVisible(runs);
    if (runs)
        m_command->setText(
            tr("It runs without a shell, with none of your other keys: %1").arg(chosen->process));
}

void AwsProfileField::fillPopup()
{
    QList<PopupRow> rows;
    for (const core::AwsProfile &each : m_profiles) {
        PopupRow row;
        row.id = each.name;
        row.title = each.name;
        row.detail = kindText(each);
        row.right = each.region;
        rows.append(row);
    }
    m_popup->setRows(rows);
}

void AwsProfileField::choose(const QString &name)
{
    const core::Account before = m_accounts.accountOf(m_provider);
    const core::AwsProfile *chosen = profile(name);
    if (!chosen)
        return;
    // As in AWS's own programs, the environment's region beats the profile's.
    const QString region = core::AwsEnvironment::current().region;
    m_accounts.useProfile(m_provider, name, region.isEmpty() ? chosen->region : region);
    Q_EMIT profileChosen(before);
}

} // namespace ui
