#pragma once

#include "core/client/accountsetup.h"
#include "core/client/modellister.h"
#include "core/ledger/statestore.h"

#include <QHash>
#include <QSet>

#include <map>

namespace core {

//! A name that the user gave to a model at a service (Azure), which no list tells.
struct Deployment
{
    QString name;
    QString model;        //!< Its id at the service; empty: not known yet.
    bool learned = false; //!< An answer told the model, not the user.
    bool operator==(const Deployment &) const = default;
};

//! How the last free call to a provider ended.
struct ProviderCheck
{
    UtcTime at{};
    std::optional<Error> error;
};

//! The models that services listed, kept between runs by account and address, and the deployments
//! that the user named. Shown at once however old; listed anew when asked, or when old and about to
//! be seen. Main thread.
class ModelLists : public QObject, public ModelBook
{
    Q_OBJECT
public:
    ModelLists(const AccountSetup &accounts, ModelLister &lister, StateStore &states,
               const Clock &clock, QObject *parent = nullptr);

    //! As last listed at the account's present address, or its deployments; empty: not yet.
    [[nodiscard]] QList<ModelInfo> models(const QString &provider) const;
    [[nodiscard]] std::optional<UtcTime> listedAt(const QString &provider) const;
    //! How the last call of this run ended; nothing: none has, with this key at this address.
    [[nodiscard]] std::optional<ProviderCheck> lastCheck(const QString &provider) const;
    //! When the last call of this run began.
    [[nodiscard]] std::optional<SteadyTime> lastAsked(const QString &provider) const;

    //! A free call: lists the models and keeps them. Also the test of a connection: its error is
    //! the sentence that a person sees.
    [[nodiscard]] QFuture<Result<QList<ModelInfo>>> list(const QString &provider);
    //! Lists in the background what is older than a day, or a minute for servers on this computer,
    //! if its account is ready. Says nothing if that fails; the old list stays.
    void refreshOld();

    [[nodiscard]] QList<Deployment> deployments(const QString &provider) const;
    //! Rows without a name are left out, of two of one name the first stays.
    void setDeployments(const QString &provider, const QList<Deployment> &deployments);

    //! Models of \p provider that the user does not want to be offered, whatever its address. Those
    //! that come new are offered.
    [[nodiscard]] QSet<QString> unwanted(const QString &provider) const;
    void setWanted(const QString &provider, const QString &model, bool wanted);

    [[nodiscard]] QString modelBehind(const Target &target) const override;
    [[nodiscard]] ModelInfo infoOf(const Target &target) const override;
    void learn(const Target &target, const QString &answered) override;

Q_SIGNALS:
    void changed(const QString &provider);
    //! list() has asked \p target's endpoint, whose model is empty; not of an account that was
    //! changed meanwhile.
    void asked(const core::Target &target, const std::optional<core::Error> &error);

private:
    struct Listed
    {
        QList<ModelInfo> models;
        std::optional<UtcTime> at;
    };
    [[nodiscard]] StateKey keyOf(const QString &kind, const QString &provider) const;
    [[nodiscard]] const Listed &listed(const QString &provider) const;
    [[nodiscard]] bool isOld(const ProviderInfo &provider) const;
    void forgetChecks(const QString &account); //!< Its key or address is another.
    void keep(const StateKey &key, const ProviderInfo &provider, const QList<ModelInfo> &models);

    const AccountSetup &m_accounts;
    ModelLister &m_lister;
    StateStore &m_states;
    const Clock &m_clock;
    mutable std::map<StateKey, Listed> m_listed; //!< What was read of m_states so far.
    QHash<QString, ProviderCheck> m_checks;
    QHash<QString, SteadyTime> m_asked;
    QSet<QString> m_asking;
    QHash<QString, int> m_changes; //!< Of each row's account: what was asked before proves nothing.
};

} // namespace core
