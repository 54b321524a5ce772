#pragma once

#include "core/chat/authmethod.h"

#include <QList>
#include <QMetaType>
#include <QString>
#include <QUrl>

#include <cstdint>

namespace core {

//! Where the key of an account lives.
enum class KeySource { Keychain, Session, Environment, None };

//! Where and as what a person signs in with Microsoft Entra ID.
struct EntraDirectory
{
    QUrl authority;   //!< Empty: Microsoft's own.
    QString tenant;   //!< Id or domain; empty: any organisation's.
    QString clientId; //!< Of an app registration: the user's own, none is built in.
    bool operator==(const EntraDirectory &) const = default;
};

//! One account at one provider, as the user set it up. No key or token is here. A key, a profile
//! and a sign-in may stand side by side: `auth` tells which is used.
struct Account
{
    std::int64_t id = 0; //!< 0: not stored (a verb's target).
    QString provider;    //!< Row id of providers.json.
    QString label;       //!< Shown where a provider has several accounts; may be empty.
    QUrl baseUrl;        //!< Provider's root; the row's own unless the user changed it.
    QString keyOrigin;   //!< Origin that the user allowed the key to go to ("https://host[:port]").
    KeySource keySource = KeySource::Keychain;
    //! A key was stored: an empty keychain is then locked or lost, not "no key".
    bool keySaved = false;
    QString lastFour;       //!< For recognition in Settings.
    bool keyIsPair = false; //!< The stored key is AWS access keys; lastFour is of their id.

    AuthMethod auth = AuthMethod::Key;
    QString awsProfile; //!< Last chosen; may be empty.
    EntraDirectory entra;
    bool signedIn = false;                        //!< A refresh token was stored.
    KeySource signInSource = KeySource::Keychain; //!< Where: Keychain or Session.
    //! Origin that the user allowed the profile's or the sign-in's credentials to go to.
    QString grantOrigin;
    bool operator==(const Account &) const = default;
};

//! Whom to ask: provider, account, endpoint, model.
struct Target
{
    QString provider; //!< Row id of providers.json.
    std::int64_t accountId = 0;
    QUrl baseUrl;
    QString model;          //!< The provider's id, verbatim.
    bool simulated = false; //!< The practice provider: never counted as real.
    bool operator==(const Target &) const = default;
};

//! Where the turns of a route begin.
enum class RouteKind {
    InOrder, //!< Every turn begins at the first target.
    ByTask,  //!< Simple turns begin at the first, demanding ones at the second (taskrule.h).
};

//! Ordered targets: the first that can answers. A plain choice of a model is a route of one.
struct Route
{
    std::int64_t id = 0; //!< 0: not a named route.
    QString name;
    QList<Target> targets;
    RouteKind kind = RouteKind::InOrder;
    bool operator==(const Route &) const = default;
};

} // namespace core
