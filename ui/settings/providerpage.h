#pragma once

#include "core/client/modeldirectory.h"
#include "ui/settings/authorityfield.h"
#include "ui/settings/proofs.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QHBoxLayout;
class QLineEdit;

namespace core {
class AccountNotes;
class ActiveCheck;
class EndpointControl;
class EntraClient;
class Health;
class Settings;
} // namespace core

namespace ui {

class AwsProfileField;
class DeploymentTable;
class KeyPairField;
class LimitFields;
class ModelTable;
class NoticeBar;
class PillButton;
class PlainLabel;
class ProviderHealth;
class ProviderTraffic;
class SegmentedControl;
class SignInField;
class StatusPill;

//! What the pages of providers work on.
struct ProviderPageParts
{
    core::AccountSetup &accounts;
    const core::ModelDirectory &models;
    core::EntraClient &entra;
    core::Settings &settings;
    core::Health &health;
    core::ActiveCheck &check;
    core::EndpointControl &endpoints;
    core::AccountNotes &notes;
    const core::Clock &clock;
    CertificatesIn certificatesIn = {};
};

//! One provider: how the user proves himself there, its address, its health, what is held back and
//! its models. Keys go from the field into a SecretString at once and are never shown again but for
//! their last four characters. Fields are saved when they are left, and what was saved can be taken
//! back. UI thread.
class ProviderPage final : public QWidget
{
    Q_OBJECT
public:
    ProviderPage(const ThemeSource &theme, const ProviderPageParts &parts,
                 QWidget *parent = nullptr);

    void show(const QString &provider);
    [[nodiscard]] QString provider() const { return m_provider; }
    void focusKey();

Q_SIGNALS:
    void linkRequested(const QString &text, const QString &url);
    void keyStored(const QString &provider);

private:
    void build();
    [[nodiscard]] QWidget *makeProofField();
    [[nodiscard]] QWidget *makeKeyField();
    [[nodiscard]] QWidget *makeAddressField();
    [[nodiscard]] QWidget *makeRegionField();
    [[nodiscard]] QWidget *makeFormField();
    [[nodiscard]] QWidget *makeModels();
    void refreshProofs(const core::ProviderInfo &row, const core::Account &account);
    void refreshKey(const core::ProviderInfo &row, const core::Account &account);
    void refreshKeyHint(const core::ProviderInfo &row, const core::Account &account);
    void refreshState();
    void refreshRegion(const core::ProviderInfo &row);
    void chooseProof(Proof proof);
    void connectProofs();
    void showProofs();
    void connectModels();
    void showForms();
    void refreshModels();
    void refreshListed(const core::ProviderInfo &row);
    void useEnvironment();
    void offerOtherPlaces(const core::Error &error);
    void connectParts();
    void refresh();
    void saveKey(core::KeySource source);
    void keep(const core::SecretString &secret, core::KeySource source);
    void removeKey();
    void saveBaseUrl();
    void saveRegion();
    //! Says what was saved; Undo brings \p before back.
    void offerUndo(const QString &sentence, const core::Account &before);
    void takeBack();
    void test();
    void forgetTest(); //!< Of another provider, key or address.
    void tell(const core::Error &error);
    void tellAddress(const QString &problem);
    void chooseNoticeAction(int index);

    const ThemeSource &m_theme;
    core::AccountSetup &m_accounts;
    const core::ModelDirectory &m_models;
    const core::Health &m_reports;
    const core::Clock &m_clock;
    QString m_provider;  //!< Its row; one of m_forms.
    QStringList m_forms; //!< Rows that share the account.
    //! Typed or got by signing in, but no keychain took it: kept while the notice asks.
    core::SecretString m_pending;
    bool m_pendingIsSignIn = false;
    enum class Ask { Nothing, KeepForSession, ConfirmHost, Undo } m_ask = Ask::Nothing;
    core::Account m_before;     //!< What Undo brings back.
    Proof m_proof = Proof::Key; //!< The one shown; not always the one in use.
    QList<Proof> m_proofs;      //!< Those of the choice.

    PlainLabel *m_name;
    StatusPill *m_state;
    PillButton *m_test;
    PlainLabel *m_testResult;
    NoticeBar *m_notice;
    QWidget *m_proofLabel;
    QWidget *m_proofBox;
    QHBoxLayout *m_proofRow = nullptr;
    SegmentedControl *m_proofChoice = nullptr; //!< Made anew for each provider.
    PlainLabel *m_inUse;
    PlainLabel *m_keyLabel;
    QWidget *m_keyBox;
    KeyPairField *m_pair;
    AwsProfileField *m_profile;
    SignInField *m_signIn;
    PlainLabel *m_environmentText;
    QWidget *m_keyStoredRow;
    PlainLabel *m_keyStored;
    QLineEdit *m_key;
    PillButton *m_save;
    PillButton *m_environment;
    PillButton *m_help;
    PlainLabel *m_keyHint;
    QWidget *m_regionLabel;
    QWidget *m_regionBox;
    QLineEdit *m_region;
    PlainLabel *m_regionHint;
    QLineEdit *m_baseUrl;
    PlainLabel *m_baseUrlHint;
    QWidget *m_formLabel;
    QWidget *m_formBox;
    QHBoxLayout *m_formRow = nullptr;
    SegmentedControl *m_formChoice = nullptr; //!< Made anew for each provider.
    AuthorityField *m_authority;
    LimitFields *m_limits;
    QWidget *m_healthLabel;
    ProviderHealth *m_health;
    QWidget *m_trafficLabel;
    ProviderTraffic *m_traffic;
    PlainLabel *m_modelsHead;
    PlainLabel *m_listed;
    PillButton *m_refresh;
    QLineEdit *m_filter;
    QWidget *m_card = nullptr;
    ModelTable *m_table;
    DeploymentTable *m_deployments;
    PlainLabel *m_abilities;
    bool m_replacing = false; //!< A key is stored and another is being typed.
    int m_testNumber = 0;     //!< An answer to an earlier test is not shown.
};

} // namespace ui
