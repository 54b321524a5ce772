#include "ui/settings/proxyloginfield.h"

#include "core/base/whenready.h"
#include "ui/settings/formrows.h"
#include "ui/settings/settingfield.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"

#include <QLineEdit>

namespace ui {

namespace keys = core::settings;

ProxyLoginField::ProxyLoginField(const ThemeSource &theme, core::Settings &settings,
                                 ProxyLoginFacts facts, QWidget *parent)
    : QWidget(parent)
    , m_settings(settings)
    , m_facts(std::move(facts))
    , m_user(new SettingField(theme, keys::ProxyUser.name(), tr("User at the proxy"),
                              tr("If it asks for one. Told to this proxy only."), this))
    , m_password(new QLineEdit(this))
    , m_save(new PillButton(theme, ButtonLook::Primary, tr("Save password"), this))
    , m_stored(new PlainLabel(theme, TextRole::Body, {}, this))
    , m_remove(new PillButton(theme, ButtonLook::Link, tr("Remove"), this))
    , m_notice(new NoticeBar(theme, this))
{
    build(theme);
    m_user->setValue(settings.value(keys::ProxyUser));
    connect(m_user, &SettingField::entered, this, &ProxyLoginField::saveUser);
    connect(m_password, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_save->setEnabled(!text.isEmpty()); });
    connect(m_password, &QLineEdit::returnPressed, this, &ProxyLoginField::takePassword);
    connect(m_save, &QAbstractButton::clicked, this, &ProxyLoginField::takePassword);
    connect(m_remove, &QAbstractButton::clicked, this, &ProxyLoginField::remove);
    connect(m_notice, &NoticeBar::actionChosen, this, [this](int index) {
        save(index == 0 ? core::KeySource::Keychain : core::KeySource::Session);
    });
    show({});
}

void ProxyLoginField::build(const ThemeSource &theme)
{
    m_password->setObjectName(QStringLiteral("proxyPassword"));
    m_password->setAccessibleName(tr("Password at the proxy"));
    m_password->setEchoMode(QLineEdit::Password);
    m_save->setObjectName(QStringLiteral("saveProxyPassword"));
    m_save->setEnabled(false);
    m_stored->setObjectName(QStringLiteral("proxyPasswordStored"));
    m_remove->setObjectName(QStringLiteral("removeProxyPassword"));
    m_notice->setObjectName(QStringLiteral("proxyNotice"));
    m_notice->hide();
    auto *label = new PlainLabel(theme, TextRole::Muted, tr("Password at the proxy"), this);
    label->setFixedWidth(LabelColumn - 2 * Theme::Step);
    label->setBuddy(m_password);
    QVBoxLayout *column = fieldColumn(this);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(m_user);
    column->addLayout(rowOf({label, m_password, m_save, m_stored, m_remove}));
    column->addWidget(m_notice);
}

void ProxyLoginField::show(const QString &proxy)
{
    if (proxy != m_proxy) {
        m_password->clear();
        m_pending = {};
        m_notice->hide();
    }
    m_proxy = proxy;
    setVisible(!proxy.isEmpty());
    refresh();
}

void ProxyLoginField::refresh()
{
    m_user->setValue(m_settings.value(keys::ProxyUser));
    const bool isStored =
        !m_proxy.isEmpty() && m_facts.passwordFor && m_facts.passwordFor() == m_proxy;
    m_stored->setText(isStored ? tr("Stored for %1").arg(shownName(m_proxy)) : QString());
    m_stored->setVisible(isStored);
    m_remove->setVisible(isStored);
    m_password->setVisible(!isStored);
    m_save->setVisible(!isStored);
}

void ProxyLoginField::saveUser(const QString &user)
{
    if (const auto written = m_settings.setValue(keys::ProxyUser, user); !written)
        Q_EMIT failed(written.error().detail);
    m_user->saved(user);
}

void ProxyLoginField::takePassword()
{
    if (m_password->text().isEmpty())
        return;
    m_pending = core::SecretString(m_password->text().toUtf8());
    m_password->clear(); // nothing of it stays in a widget
    save(core::KeySource::Keychain);
}

void ProxyLoginField::save(core::KeySource source)
{
    m_notice->hide();
    if (!m_facts.save || m_pending.isEmpty())
        return;
    core::whenReady(this, m_facts.save(m_proxy, m_pending, source),
                    [this](const core::Result<core::Done> &saved) {
                        if (saved)
                            m_pending = {};
                        else
                            m_notice->show(Tone::Error,
                                           tr("The password was not stored.") + QLatin1Char(' ') +
                                               saved.error().detail,
                                           {tr("Try again"), tr("Keep until I quit")});
                        refresh();
                    });
}

void ProxyLoginField::remove()
{
    if (!m_facts.remove)
        return;
    core::whenReady(this, m_facts.remove(), [this](const core::Result<core::Done> &removed) {
        if (!removed)
            m_notice->show(Tone::Error, removed.error().detail, {});
        refresh();
    });
}

} // namespace ui
