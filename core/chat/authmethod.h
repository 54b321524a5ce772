#pragma once

namespace core {

//! How an account proves who asks.
enum class AuthMethod {
    Key,        //!< A stored key, or a pair of access keys; Account::keySource says where.
    AwsProfile, //!< A profile of AWS's shared files, read at each use.
    EntraSignIn //!< An access token from Microsoft Entra ID, by a stored refresh token.
};

//! What a credential is to the one who sends it.
enum class CredentialKind {
    Key,        //!< Goes into the provider's own header.
    AccessToken //!< OAuth 2.0: goes as "Authorization: Bearer", and then no key goes with it.
};

} // namespace core
