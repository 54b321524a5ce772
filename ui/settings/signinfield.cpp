#include "ui/settings/signinfield.h"

#include "core/base/errortext.h"
#include "core/base/whenready.h"
#include "core/client/accountnotes.h"
#include "ui/settings/formrows.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>

namespace ui {

SignInField::SignInField(const ThemeSource &theme, core::AccountSetup &accounts,
                         core::AccountNotes &notes, core::EntraClient &entra, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_accounts(accounts)
    , m_notes(notes)
    , m_entra(entra)
    , m_tenant(new QLineEdit(this))
    , m_client(new QLineEdit(this))
    , m_authority(new QLineEdit(this))
    , m_problem(new PlainLabel(theme, TextRole::Error, {}, this))
    , m_state(new PlainLabel(theme, TextRole::Body, {}, this))
    , m_start(new PillButton(theme, ButtonLook::Primary, tr("Sign in"), this))
    , m_signOut(new PillButton(theme, ButtonLook::Link, tr("Sign out"), this))
    , m_codeCard(new Card(theme, this))
    , m_code(new PlainLabel(theme, TextRole::Display, {}, m_codeCard))
    , m_page(new PlainLabel(theme, TextRole::Body, {}, m_codeCard))
    , m_open(new PillButton(theme, ButtonLook::Primary, tr("Open page"), m_codeCard))
{
    build();
    for (QLineEdit *field : {m_tenant, m_client, m_authority})
        connect(field, &QLineEdit::editingFinished, this, &SignInField::saveFields);
    connect(m_start, &QAbstractButton::clicked, this, &SignInField::start);
    connect(m_signOut, &QAbstractButton::clicked, this, &SignInField::signOut);
    connect(&accounts, &core::AccountSetup::changed, this, &SignInField::refresh);
    connect(&notes, &core::AccountNotes::personChanged, this, &SignInField::refresh);
}

void SignInField::build()
{
    const auto dress = [](QLineEdit *field, const char *name, const QString &text,
                          const QString &placeholder) {
        field->setObjectName(QLatin1String(name));
        field->setAccessibleName(text);
        field->setPlaceholderText(placeholder);
    };
    dress(m_tenant, "entraTenant", tr("Directory (tenant)"),
          tr("Directory (tenant) ID or domain; empty: any work account"));
    dress(m_client, "entraClient", tr("Application (client) ID"), tr("Application (client) ID"));
    dress(m_authority, "entraAuthority", tr("Sign-in address"),
          QString::fromLatin1(core::EntraAuthority));
    auto *hint = new PlainLabel(
        m_theme, TextRole::Small,
        tr("The ID of your own app registration in Entra ID, with public client flows allowed. "
           "Farthing has none of its own. At the resource you need the role Cognitive Services "
           "OpenAI User."),
        this);
    hint->setObjectName(QStringLiteral("entraHint"));
    hint->setWordWrap(true);
    m_problem->setObjectName(QStringLiteral("entraProblem"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_state->setObjectName(QStringLiteral("signInState"));
    m_state->setWordWrap(true);
    m_start->setObjectName(QStringLiteral("signIn"));
    m_signOut->setObjectName(QStringLiteral("signOut"));
    QVBoxLayout *column = fieldColumn(this);
    column->setSpacing(2 * Theme::Step);
    for (QWidget *widget : {static_cast<QWidget *>(m_tenant), static_cast<QWidget *>(m_client),
                            static_cast<QWidget *>(hint), static_cast<QWidget *>(m_authority),
                            static_cast<QWidget *>(m_problem)})
        column->addWidget(widget);
    QHBoxLayout *row = rowOf({m_start, m_state, m_signOut});
    row->setStretch(1, 1);
    column->addLayout(row);
    column->addWidget(makeCodeCard());
}

QWidget *SignInField::makeCodeCard()
{
    m_codeCard->setObjectName(QStringLiteral("codeCard"));
    m_code->setObjectName(QStringLiteral("userCode"));
    m_code->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_page->setObjectName(QStringLiteral("codePage"));
    m_page->setWordWrap(true);
    m_open->setObjectName(QStringLiteral("openPage"));
    auto *copy = new PillButton(m_theme, ButtonLook::Outline, tr("Copy"), m_codeCard);
    copy->setObjectName(QStringLiteral("copyCode"));
    copy->setAccessibleName(tr("Copy the code"));
    auto *cancel = new PillButton(m_theme, ButtonLook::Link, tr("Cancel"), m_codeCard);
    cancel->setObjectName(QStringLiteral("cancelSignIn"));
    auto *column = new QVBoxLayout(m_codeCard);
    column->setContentsMargins(4 * Theme::Step, 4 * Theme::Step, 4 * Theme::Step, 4 * Theme::Step);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(m_page);
    QHBoxLayout *row = rowOf({m_code, copy, m_open, cancel});
    row->setStretch(0, 1);
    column->addLayout(row);
    connect(copy, &QAbstractButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_code->text()); });
    connect(m_open, &QAbstractButton::clicked, this, [this] {
        if (m_signIn)
            Q_EMIT linkRequested(m_open->text(), m_signIn->verificationUrl().toString());
    });
    connect(cancel, &QAbstractButton::clicked, this, &SignInField::stop);
    m_codeCard->hide();
    return m_codeCard;
}

void SignInField::show(const QString &provider)
{
    if (provider != m_provider)
        stop();
    m_provider = provider;
    if (provider.isEmpty())
        return;
    const core::EntraDirectory directory = m_accounts.accountOf(provider).entra;
    m_tenant->setText(directory.tenant);
    m_client->setText(directory.clientId);
    m_authority->setText(directory.authority.toString());
    tell({});
    refresh();
}

void SignInField::refresh()
{
    if (m_provider.isEmpty())
        return;
    const core::Account account = m_accounts.accountOf(m_provider);
    m_signOut->setVisible(account.signedIn && !m_signIn);
    m_start->setVisible(!account.signedIn);
    m_start->setEnabled(!m_signIn);
    if (m_signIn)
        m_state->setText(m_codeCard->isVisibleTo(this) ? tr("Waiting for you to sign in…")
                                                       : tr("Asking for a code…"));
    else if (!account.signedIn)
        m_state->setText(QString());
    else
        m_state->setText(signedInText(account));
}

//! Whom the directory named stands on a line of its own, so that a long name hides nothing.
QString SignInField::signedInText(const core::Account &account) const
{
    const bool forNow = account.signInSource == core::KeySource::Session;
    const QString where =
        forNow ? tr("Kept in memory until you quit") : tr("The keychain keeps the sign-in");
    const QString person = m_notes.person(m_provider);
    if (!person.isEmpty())
        return tr("Signed in as %1").arg(isolatedName(person)) + QLatin1Char('\n') + where;
    return forNow ? tr("Signed in until you quit")
                  : tr("Signed in; the keychain keeps the sign-in");
}

void SignInField::tell(const QString &problem)
{
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void SignInField::saveFields()
{
    if (m_provider.isEmpty())
        return;
    const core::Account before = m_accounts.accountOf(m_provider);
    core::EntraDirectory directory;
    directory.tenant = m_tenant->text().trimmed();
    directory.clientId = m_client->text().trimmed();
    if (const QString authority = m_authority->text().trimmed(); !authority.isEmpty())
        directory.authority = QUrl(authority, QUrl::StrictMode);
    if (!m_authority->text().trimmed().isEmpty() && !directory.authority.isValid())
        return tell(tr("The sign-in address is not a complete URL, such as https://host/path."));
    if (directory == before.entra)
        return tell({});
    const auto saved = m_accounts.setDirectory(m_provider, directory);
    tell(saved ? QString() : core::userText(saved.error()));
    if (!saved)
        return;
    stop(); // its code was for the directory before
    Q_EMIT directoryChanged(before.signedIn ? tr("The directory was changed, so you are signed out")
                                            : tr("The directory was changed"),
                            before);
}

void SignInField::start()
{
    saveFields();
    if (m_problem->isVisibleTo(this) || m_signIn)
        return;
    m_signIn = m_entra.signIn(m_accounts.accountOf(m_provider).entra, this);
    connect(m_signIn, &core::EntraSignIn::codeReceived, this, &SignInField::showCode);
    connect(m_signIn, &core::EntraSignIn::finished, this, &SignInField::takeEnd);
    refresh();
}

void SignInField::stop()
{
    if (m_signIn)
        m_signIn->deleteLater();
    if (m_signIn)
        m_signIn->disconnect(this);
    m_signIn = nullptr;
    m_codeCard->hide();
    refresh();
}

void SignInField::showCode()
{
    m_code->setText(m_signIn->userCode());
    m_code->setAccessibleName(tr("Code: %1").arg(m_signIn->userCode()));
    m_page->setText(
        tr("Type this code at %1").arg(m_signIn->verificationUrl().toString(QUrl::FullyEncoded)));
    m_codeCard->show();
    refresh();
    m_open->setFocus();
}

void SignInField::takeEnd()
{
    const core::Result<core::EntraTokens> result = m_signIn->result();
    stop();
    if (!result) {
        const core::Error &error = result.error();
        return tell(error.detail.isEmpty() ? core::userText(error) : error.detail);
    }
    m_notes.setPerson(m_provider, result->person);
    core::whenReady(this,
                    m_accounts.signIn(m_provider, result->refreshToken, core::KeySource::Keychain),
                    [this, provider = m_provider,
                     token = result->refreshToken](const core::Result<core::Done> &stored) {
                        if (provider != m_provider)
                            return; // the page shows another one
                        if (stored)
                            Q_EMIT signedIn();
                        else
                            Q_EMIT notStored(token, stored.error());
                    });
}

void SignInField::signOut()
{
    core::whenReady(this, m_accounts.signOut(m_provider),
                    [this](const core::Result<core::Done> &done) {
                        if (!done)
                            Q_EMIT failed(done.error());
                    });
}

} // namespace ui
