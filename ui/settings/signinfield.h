#pragma once

#include "core/client/accountsetup.h"
#include "core/secrets/entraclient.h"
#include "ui/theme/themesource.h"

#include <QPointer>
#include <QWidget>

class QLineEdit;

namespace core {
class AccountNotes;
}

namespace ui {

class Card;
class PillButton;
class PlainLabel;

//! Signs in with Microsoft Entra ID: whose directory, as which app, then the code that is typed on
//! its page. UI thread.
class SignInField final : public QWidget
{
    Q_OBJECT
public:
    SignInField(const ThemeSource &theme, core::AccountSetup &accounts, core::AccountNotes &notes,
                core::EntraClient &entra, QWidget *parent = nullptr);

    //! A sign-in under way for another provider ends. Empty: no provider.
    void show(const QString &provider);
    void saveFields();

Q_SIGNALS:
    void linkRequested(const QString &text, const QString &url);
    //! A field was saved; \p sentence says so. \p before is the account as it was.
    void directoryChanged(const QString &sentence, const core::Account &before);
    void signedIn();
    //! The person has signed in, but \p token could not be stored.
    void notStored(const core::SecretString &token, const core::Error &error);
    void failed(const core::Error &error);

private:
    void build();
    [[nodiscard]] QWidget *makeCodeCard();
    void refresh();
    [[nodiscard]] QString signedInText(const core::Account &account) const;
    void start();
    void stop();
    void showCode();
    void takeEnd();
    void signOut();
    void tell(const QString &problem);

    const ThemeSource &m_theme;
    core::AccountSetup &m_accounts;
    core::AccountNotes &m_notes;
    core::EntraClient &m_entra;
    QString m_provider;
    QPointer<core::EntraSignIn> m_signIn; //!< While one is under way.
    QLineEdit *m_tenant;
    QLineEdit *m_client;
    QLineEdit *m_authority;
    PlainLabel *m_problem;
    PlainLabel *m_state;
    PillButton *m_start;
    PillButton *m_signOut;
    Card *m_codeCard;
    PlainLabel *m_code;
    PlainLabel *m_page;
    PillButton *m_open;
};

} // namespace ui
