#pragma once

#include "core/client/modeldirectory.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QLineEdit;

namespace ui {

class ModelTable;
class NoticeBar;
class PillButton;
class PlainLabel;
class StatusPill;

//! One provider: its key, its address, a test of the connection. Keys go from the field into a
//! SecretString at once and are never shown again but for their last four characters. UI thread.
class ProviderPage final : public QWidget
{
    Q_OBJECT
public:
    ProviderPage(const ThemeSource &theme, core::AccountSetup &accounts,
                 const core::ModelDirectory &models, QWidget *parent = nullptr);

    void show(const QString &provider);
    [[nodiscard]] QString provider() const { return m_provider; }
    void focusKey();

Q_SIGNALS:
    void linkRequested(const QString &text, const QString &url);
    void keyStored(const QString &provider);

private:
    void build();
    [[nodiscard]] QWidget *makeKeyField();
    [[nodiscard]] QWidget *makeAddressField();
    [[nodiscard]] QWidget *makeModels();
    void refreshKey(const core::ProviderInfo &row, const core::Account &account);
    void refreshModels();
    void useEnvironment();
    void offerOtherPlaces(const core::Error &error);
    void connectParts();
    void refresh();
    void saveKey(core::KeySource source);
    void removeKey();
    void saveBaseUrl();
    void test();
    void tell(const core::Error &error);
    void tellAddress(const QString &problem);
    void chooseNoticeAction(int index);

    const ThemeSource &m_theme;
    core::AccountSetup &m_accounts;
    const core::ModelDirectory &m_models;
    QString m_provider;
    core::SecretString m_pending; //!< Typed, but no keychain took it: kept while the notice asks.
    enum class Ask { Nothing, KeepForSession, ConfirmHost } m_ask = Ask::Nothing;

    PlainLabel *m_name;
    StatusPill *m_state;
    PillButton *m_test;
    PlainLabel *m_testResult;
    NoticeBar *m_notice;
    QWidget *m_keyLabel;
    QWidget *m_keyBox;
    QWidget *m_keyStoredRow;
    PlainLabel *m_keyStored;
    QLineEdit *m_key;
    PillButton *m_save;
    PillButton *m_environment;
    PillButton *m_help;
    PlainLabel *m_keyHint;
    QLineEdit *m_baseUrl;
    PlainLabel *m_baseUrlHint;
    PlainLabel *m_modelsHead;
    QLineEdit *m_filter;
    ModelTable *m_table;
    QWidget *m_modelsBox = nullptr;
    bool m_replacing = false; //!< A key is stored and another is being typed.
    int m_testNumber = 0;     //!< An answer to an earlier test is not shown.
};

} // namespace ui
