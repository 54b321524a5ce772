#pragma once

#include "core/base/result.h"
#include "core/base/secretstring.h"
#include "core/chat/target.h"
#include "core/settings/settings.h"
#include "ui/theme/themesource.h"

#include <QFuture>
#include <QWidget>

#include <functional>

class QLineEdit;

namespace ui {

class NoticeBar;
class PillButton;
class PlainLabel;
class SettingField;

//! Where the password for the proxy lies. Each may be empty. None waits.
struct ProxyLoginFacts
{
    std::function<QString()> passwordFor; //!< The proxy that it was given for; empty: none.
    std::function<QFuture<core::Result<core::Done>>(
        const QString &proxy, const core::SecretString &password, core::KeySource source)>
        save;
    std::function<QFuture<core::Result<core::Done>>()> remove;
};

//! The user's name and password for the proxy in force. The password goes from its field into a
//! SecretString at once and is never shown again. UI thread.
class ProxyLoginField final : public QWidget
{
    Q_OBJECT
public:
    ProxyLoginField(const ThemeSource &theme, core::Settings &settings, ProxyLoginFacts facts,
                    QWidget *parent = nullptr);

    void show(const QString &proxy); //!< "host:port"; empty: none is in force.

Q_SIGNALS:
    void failed(const QString &sentence); //!< The settings could not be written.

private:
    void build(const ThemeSource &theme);
    void refresh();
    void saveUser(const QString &user);
    void takePassword();
    void save(core::KeySource source);
    void remove();

    core::Settings &m_settings;
    ProxyLoginFacts m_facts;
    QString m_proxy;
    core::SecretString m_pending; //!< Typed, but no keychain took it: kept while the notice asks.
    SettingField *m_user;
    QLineEdit *m_password;
    PillButton *m_save;
    PlainLabel *m_stored;
    PillButton *m_remove;
    NoticeBar *m_notice;
};

} // namespace ui
