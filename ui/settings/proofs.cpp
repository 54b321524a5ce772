#include "ui/settings/proofs.h"

#include <QCoreApplication>

namespace ui {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("ui::ProviderPage", text);
}

} // namespace

QList<Proof> proofsOf(const core::ProviderInfo &row)
{
    QList<Proof> proofs{Proof::Key};
    if (row.keyPair)
        proofs.append(Proof::KeyPair);
    if (row.awsProfiles)
        proofs.append(Proof::AwsProfile);
    if (row.entraSignIn)
        proofs.append(Proof::SignIn);
    // Where a key is all there is, the environment's is a link below its field.
    if (proofs.size() > 1 && !row.keyEnv.isEmpty())
        proofs.append(Proof::Environment);
    return proofs;
}

Proof proofOf(const core::Account &account)
{
    switch (account.auth) {
    case core::AuthMethod::AwsProfile:
        return Proof::AwsProfile;
    case core::AuthMethod::EntraSignIn:
        return Proof::SignIn;
    case core::AuthMethod::Key:
        break;
    }
    if (account.keySource == core::KeySource::Environment)
        return Proof::Environment;
    return account.keyIsPair ? Proof::KeyPair : Proof::Key;
}

QString nameOf(Proof proof)
{
    switch (proof) {
    case Proof::Key:
        return translated("API key");
    case Proof::KeyPair:
        return translated("Access keys");
    case Proof::AwsProfile:
        return translated("AWS profile");
    case Proof::Environment:
        return translated("Environment");
    case Proof::SignIn:
        return translated("Sign in");
    }
    return {};
}

bool isReady(Proof proof, const core::Account &account, bool environmentHasKey)
{
    switch (proof) {
    case Proof::Key:
        return account.keySaved && !account.keyIsPair;
    case Proof::KeyPair:
        return account.keySaved && account.keyIsPair;
    case Proof::AwsProfile:
        return !account.awsProfile.isEmpty();
    case Proof::Environment:
        return environmentHasKey;
    case Proof::SignIn:
        return account.signedIn;
    }
    return false;
}

QString proofText(const core::Account &account, const QString &variable, const QString &region)
{
    const Proof proof = proofOf(account);
    if (!isReady(proof, account, true))
        return {};
    switch (proof) {
    case Proof::AwsProfile:
        return translated("Profile \u201c%1\u201d").arg(account.awsProfile) +
               (region.isEmpty() ? QString() : QStringLiteral(" \u00b7 ") + region);
    case Proof::Environment:
        return translated("%1 from the environment").arg(variable);
    case Proof::SignIn:
        return account.signInSource == core::KeySource::Session
                   ? translated("Signed in until you quit")
                   : translated("Signed in with Entra ID");
    case Proof::Key:
    case Proof::KeyPair:
        break;
    }
    return account.keySource == core::KeySource::Session ? translated("Key until you quit")
                                                         : translated("Key in keychain");
}

} // namespace ui
