// The part of a provider's page that is about keys, profiles and signing in.
#include "core/base/whenready.h"
#include "ui/settings/awsprofilefield.h"
#include "ui/settings/keypairfield.h"
#include "ui/settings/providerpage.h"
#include "ui/settings/signinfield.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/segmentedcontrol.h"

#include <QHBoxLayout>
#include <QLineEdit>

namespace ui {

void ProviderPage::connectProofs()
{
    connect(m_pair, &KeyPairField::typed, this, [this](const core::SecretString &keys) {
        m_pendingIsSignIn = false;
        keep(keys, core::KeySource::Keychain);
    });
    connect(m_profile, &AwsProfileField::profileChosen, this, [this](const core::Account &before) {
        offerUndo(tr("The profile \u201c%1\u201d is used from now on")
                      .arg(m_accounts.accountOf(m_provider).awsProfile),
                  before);
        Q_EMIT keyStored(m_provider);
    });
    connect(m_profile, &AwsProfileField::failed, this,
            [this](const QString &sentence) { m_notice->show(Tone::Error, sentence); });
    connect(m_signIn, &SignInField::linkRequested, this, &ProviderPage::linkRequested);
    connect(m_signIn, &SignInField::directoryChanged, this, &ProviderPage::offerUndo);
    connect(m_signIn, &SignInField::failed, this, &ProviderPage::tell);
    connect(m_signIn, &SignInField::signedIn, this, [this] { Q_EMIT keyStored(m_provider); });
    connect(m_signIn, &SignInField::notStored, this,
            [this](const core::SecretString &token, const core::Error &error) {
                m_pending = token;
                m_pendingIsSignIn = true;
                offerOtherPlaces(error);
            });
    connect(m_region, &QLineEdit::editingFinished, this, &ProviderPage::saveRegion);
}

void ProviderPage::showProofs()
{
    const core::ProviderInfo *row = m_accounts.provider(m_provider);
    m_proofs = row ? proofsOf(*row) : QList<Proof>();
    m_proof = proofOf(m_accounts.accountOf(m_provider));
    if (!m_proofs.contains(m_proof))
        m_proof = Proof::Key; // the environment's key has no segment of its own here
    delete m_proofChoice;
    QStringList names;
    for (const Proof proof : std::as_const(m_proofs))
        names.append(nameOf(proof));
    m_proofChoice = new SegmentedControl(m_theme, names, m_proofBox);
    m_proofChoice->setObjectName(QStringLiteral("proofChoice"));
    m_proofChoice->setAccessibleName(tr("How you prove who asks"));
    m_proofRow->insertWidget(0, m_proofChoice);
    connect(m_proofChoice, &SegmentedControl::chosen, this,
            [this](int index) { chooseProof(m_proofs.at(index)); });
}

void ProviderPage::chooseProof(Proof proof)
{
    m_proof = proof;
    m_replacing = false;
    const core::Account before = m_accounts.accountOf(m_provider);
    if (proofOf(before) == proof ||
        !isReady(proof, before, m_accounts.environmentHasKey(m_provider)))
        return refresh(); // its fields come first
    switch (proof) {
    case Proof::Environment:
        m_accounts.useEnvironment(m_provider);
        break;
    case Proof::AwsProfile:
        m_accounts.useMethod(m_provider, core::AuthMethod::AwsProfile);
        break;
    case Proof::SignIn:
        m_accounts.useMethod(m_provider, core::AuthMethod::EntraSignIn);
        break;
    case Proof::Key:
    case Proof::KeyPair:
        m_accounts.useMethod(m_provider, core::AuthMethod::Key);
        break;
    }
    offerUndo(tr("%1 is used from now on").arg(nameOf(proof)), before);
}

void ProviderPage::refreshProofs(const core::ProviderInfo &row, const core::Account &account)
{
    const bool isChoice = m_proofs.size() > 1;
    m_proofLabel->setVisible(isChoice);
    m_proofBox->setVisible(isChoice);
    m_proofChoice->setCurrent(static_cast<int>(m_proofs.indexOf(m_proof)));
    const QString inUse = proofText(account, m_accounts.environmentVariable(row.id), {});
    m_inUse->setText(tr("Still in use: %1").arg(inUse));
    m_inUse->setVisible(isChoice && !inUse.isEmpty() && proofOf(account) != m_proof);
}

void ProviderPage::refreshKey(const core::ProviderInfo &row, const core::Account &account)
{
    const bool takesKey = !row.authHeader.isEmpty() && !row.simulated;
    m_keyLabel->setVisible(takesKey);
    m_keyBox->setVisible(takesKey);
    m_keyLabel->setText(nameOf(m_proof));
    const bool isKey = m_proof == Proof::Key;
    const bool isPair = m_proof == Proof::KeyPair;
    const bool environment =
        isKey && m_proofs.size() == 1 && account.keySource == core::KeySource::Environment;
    const bool stored = environment || ((isKey || isPair) && isReady(m_proof, account, false));
    const bool types = !stored || m_replacing;
    const QString dots(16, QChar(0x2022));
    m_keyStored->setText(
        environment ? tr("%1 from the environment").arg(row.keyEnv)
        : account.lastFour.isEmpty() // too short to show any of it
            ? dots
            : (isPair ? tr("%1 ID ends in %2") : tr("%1 ends in %2")).arg(dots, account.lastFour));
    m_keyStoredRow->setVisible(stored && !m_replacing);
    m_key->setVisible(isKey && types);
    m_save->setVisible(isKey && types);
    m_pair->setVisible(isPair && types);
    m_profile->setVisible(m_proof == Proof::AwsProfile);
    m_signIn->setVisible(m_proof == Proof::SignIn);
    m_environmentText->setVisible(m_proof == Proof::Environment);
    m_key->setPlaceholderText(row.keyRequired ? tr("Paste a key") : tr("Only if the server asks"));
    const QString variable = m_accounts.environmentVariable(m_provider);
    m_environmentText->setText(
        variable.isEmpty() ? tr("Neither %1 is set, nor %2. Set one and start Farthing again.")
                                 .arg(row.keyEnv, row.keyEnvParts.mid(0, 2).join(tr(" with ")))
                           : tr("%1 is set.").arg(variable));
    if (row.keyEnvParts.isEmpty() && variable.isEmpty())
        m_environmentText->setText(
            tr("%1 is not set. Set it and start Farthing again.").arg(row.keyEnv));
    m_environment->setText(tr("Use %1 from the environment").arg(variable));
    m_environment->setVisible(m_proofs.size() == 1 && !variable.isEmpty() && !stored);
    m_help->setVisible(!row.keyHelpUrl.isEmpty() && (isKey || isPair) && !stored);
    refreshKeyHint(row, account);
}

void ProviderPage::refreshKeyHint(const core::ProviderInfo &row, const core::Account &account)
{
    const bool inKeychain = m_proof == Proof::Key || m_proof == Proof::KeyPair;
    const bool stored = isReady(m_proof, account, false);
    QStringList lines;
    if (m_proof == Proof::Key && !row.keyForm.isEmpty() && !stored)
        lines.append(row.keyForm);
    if (m_proof == Proof::KeyPair && !stored)
        lines.append(tr("Made in the AWS console under IAM, Users, Security credentials. The user "
                        "needs leave to call Bedrock."));
    if (m_proof == Proof::Environment || account.keySource == core::KeySource::Environment)
        lines.append(tr("Read at each request; never copied."));
    else if (inKeychain && stored && account.keySource == core::KeySource::Session)
        lines.append(tr("Kept in memory until you quit."));
    else if (inKeychain)
        lines.append(tr("Stored in the system keychain. Never written to disk or logs by "
                        "Farthing."));
    m_keyHint->setText(lines.join(QLatin1Char('\n')));
    m_keyHint->setVisible(inKeychain || m_proof == Proof::Environment);
}

void ProviderPage::saveKey(core::KeySource source)
{
    const QByteArray typed = m_key->text().trimmed().toUtf8();
    m_key->clear(); // nothing of it stays in a widget
    if (!typed.isEmpty())
        m_pendingIsSignIn = false;
    keep(typed.isEmpty() ? m_pending : core::SecretString(typed), source);
}

void ProviderPage::keep(const core::SecretString &secret, core::KeySource source)
{
    if (secret.isEmpty())
        return;
    m_pending = secret;
    const QString provider = m_provider;
    core::whenReady(this,
                    m_pendingIsSignIn ? m_accounts.signIn(provider, secret, source)
                                      : m_accounts.setKey(provider, secret, source),
                    [this, provider](const core::Result<core::Done> &stored) {
                        if (m_provider != provider)
                            return;
                        if (!stored)
                            return offerOtherPlaces(stored.error());
                        m_pending = {};
                        m_pendingIsSignIn = false;
                        m_replacing = false;
                        m_ask = Ask::Nothing;
                        m_notice->hide();
                        m_proof = proofOf(m_accounts.accountOf(provider));
                        refresh();
                        Q_EMIT keyStored(provider);
                    });
}

void ProviderPage::offerOtherPlaces(const core::Error &error)
{
    m_ask = Ask::KeepForSession;
    QStringList actions{tr("Try again"), tr("Keep until I quit")};
    if (m_accounts.environmentHasKey(m_provider) && !m_pendingIsSignIn)
        actions.append(
            tr("Use %1 from the environment").arg(m_accounts.environmentVariable(m_provider)));
    m_notice->show(Tone::Warning,
                   (m_pendingIsSignIn ? tr("The sign-in was not stored: %1")
                                      : tr("The key was not stored: %1"))
                       .arg(error.detail),
                   actions);
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
                    [this, provider = m_provider](const core::Result<core::Done> &removed) {
                        if (m_provider != provider)
                            return;
                        if (!removed) {
                            tell(removed.error());
                        } else if (m_ask == Ask::Undo) { // it would bring back that a key is stored
                            m_ask = Ask::Nothing;
                            m_notice->hide();
                        }
                        refresh();
                    });
}

} // namespace ui
