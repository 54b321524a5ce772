#pragma once

#include "core/client/accountsetup.h"

namespace ui {

//! The ways to prove oneself among which a provider's page lets choose.
enum class Proof { Key, KeyPair, AwsProfile, Environment, SignIn };

//! Those that \p row takes, in the order of the page; one: there is nothing to choose.
[[nodiscard]] QList<Proof> proofsOf(const core::ProviderInfo &row);
[[nodiscard]] Proof proofOf(const core::Account &account); //!< The one in use.
[[nodiscard]] QString nameOf(Proof proof);                 //!< For the choice.

//! Whether the account has what \p proof needs, so that it may be used at once.
[[nodiscard]] bool isReady(Proof proof, const core::Account &account, bool environmentHasKey);

//! What proves the user just now, in a few words; empty: nothing does.
[[nodiscard]] QString proofText(const core::Account &account, const QString &variable,
                                const QString &region);

} // namespace ui
