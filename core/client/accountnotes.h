#pragma once

#include "core/client/accountsetup.h"
#include "core/ledger/statestore.h"
#include "core/resilience/minutecount.h"

#include <QHash>

namespace core {

class TrafficControl;

//! What is remembered of an account beside its row: the limits that the user set, the certificate
//! authority that he trusts for it and as whom he signed in. Rows that share an account share
//! these; an account that is not stored yet may have them. Main thread.
class AccountNotes final : public QObject
{
    Q_OBJECT
public:
    //! Both must outlive it.
    AccountNotes(const AccountSetup &accounts, StateStore &states, QObject *parent = nullptr);

    //! Those on disk that are no limit are none.
    [[nodiscard]] OwnLimits limits(const QString &provider) const;
    void setLimits(const QString &provider, const OwnLimits &limits);

    //! PEM file of a certificate authority that vouches for this account's endpoint beside the
    //! system's, and for no other's; empty: none.
    [[nodiscard]] QString authorityFile(const QString &provider) const;
    void setAuthorityFile(const QString &provider, const QString &file);
    //! Those of all accounts by the origins that each stands for now: where its requests go, and
    //! where one signs in for it.
    [[nodiscard]] QHash<QString, QString> authorityFiles() const;

    //! Whose sign-in is in use, by the directory's own word; empty: it did not say, or nobody is
    //! signed in. Foreign text, for show only.
    [[nodiscard]] QString person(const QString &provider) const;
    void setPerson(const QString &provider, const QString &person);

Q_SIGNALS:
    void limitsChanged(const QString &provider); //!< The provider whose account it is.
    void authorityChanged(const QString &provider);
    void personChanged(const QString &provider);

private:
    [[nodiscard]] StateKey keyOf(const QString &kind, const QString &provider) const;

    const AccountSetup &m_accounts;
    StateStore &m_states;
};

//! From now on \p traffic holds back as \p notes says, which it must outlive: at once for what is
//! stored, later at each change.
void bindOwnLimits(AccountNotes &notes, const AccountSetup &accounts, TrafficControl &traffic);

} // namespace core
