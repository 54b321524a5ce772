#include "core/client/modellists.h"

#include "core/base/continued.h"
#include "core/client/modelstate.h"
#include "core/net/urlpolicy.h"

#include <QJsonArray>

#include <algorithm>

namespace core {

using namespace Qt::StringLiterals;

namespace {

using namespace std::chrono_literals;

constexpr auto MostAge = 24h;
constexpr auto MostLocalAge = 1min; // a server on this computer: what was pulled a moment ago shows
constexpr auto RestAfterAsking = 10min; // of a service that does not answer
constexpr qsizetype MostDeployments = 500;

//! One account a provider, whatever its address and key; forms of an API have models of their own.
StateKey unwantedKey(const QString &provider)
{
    return {u"unwanted"_s, provider, 0, {}};
}

} // namespace

ModelLists::ModelLists(const AccountSetup &accounts, ModelLister &lister, StateStore &states,
                       const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_accounts(accounts)
    , m_lister(lister)
    , m_states(states)
    , m_clock(clock)
{
    connect(&accounts, &AccountSetup::changed, this, &ModelLists::forgetChecks);
}

void ModelLists::forgetChecks(const QString &account)
{
    for (const ProviderInfo &row : m_accounts.providers()) {
        if (row.id != account && row.accountOf != account)
            continue;
        ++m_changes[row.id];
        if (m_checks.remove(row.id))
            Q_EMIT changed(row.id);
    }
}

StateKey ModelLists::keyOf(const QString &kind, const QString &provider) const
{
    const Account account = m_accounts.accountOf(provider);
    return {kind, provider, account.id, account.baseUrl};
}

const ModelLists::Listed &ModelLists::listed(const QString &provider) const
{
    const StateKey key = keyOf(u"models"_s, provider);
    const auto known = m_listed.find(key);
    if (known != m_listed.end())
        return known->second;
    Listed listed;
    if (const auto saved = m_states.state(key)) {
        listed.models = modelsFrom(saved->value);
        listed.at = saved->savedAt;
    }
    return m_listed.emplace(key, std::move(listed)).first->second;
}

QList<ModelInfo> ModelLists::models(const QString &provider) const
{
    const ProviderInfo *row = m_accounts.provider(provider);
    if (!row || !row->deployments)
        return listed(provider).models;
    QList<ModelInfo> models;
    for (const Deployment &deployment : deployments(provider)) {
        ModelInfo model;
        model.id = deployment.name;
        model.behind = deployment.model;
        models.append(model);
    }
    return models;
}

std::optional<UtcTime> ModelLists::listedAt(const QString &provider) const
{
    return listed(provider).at;
}

std::optional<ProviderCheck> ModelLists::lastCheck(const QString &provider) const
{
    const auto check = m_checks.constFind(provider);
    return check == m_checks.constEnd() ? std::nullopt : std::optional(*check);
}

std::optional<SteadyTime> ModelLists::lastAsked(const QString &provider) const
{
    const auto asked = m_asked.constFind(provider);
    return asked == m_asked.constEnd() ? std::nullopt : std::optional(*asked);
}

QFuture<Result<QList<ModelInfo>>> ModelLists::list(const QString &provider)
{
    m_asking.insert(provider);
    m_asked.insert(provider, m_clock.steadyNow());
    Account account = m_accounts.accountOf(provider);
    account.provider = provider; // rows that share an account have protocols of their own
    return continued(this, m_lister.list(account),
                     [this, provider, key = keyOf(u"models"_s, provider),
                      changes = m_changes.value(provider)](const Result<QList<ModelInfo>> &models) {
                         m_asking.remove(provider);
                         const auto error = models ? std::nullopt : std::optional(models.error());
                         if (changes == m_changes.value(provider)) {
                             m_checks.insert(provider, {m_clock.utcNow(), error});
                             Target target;
                             target.provider = provider;
                             target.accountId = key.accountId;
                             target.baseUrl = key.baseUrl;
                             Q_EMIT asked(target, error);
                         }
                         if (const ProviderInfo *row = m_accounts.provider(provider); row && models)
                             keep(key, *row, *models);
                         Q_EMIT changed(provider);
                         return models;
                     });
}

void ModelLists::keep(const StateKey &key, const ProviderInfo &provider,
                      const QList<ModelInfo> &models)
{
    if (provider.deployments)
        return; // they are what the user named
    m_listed.insert_or_assign(key, Listed{models, m_clock.utcNow()});
    if (provider.simulated)
        return; // made anew at each start
    if (!(key == keyOf(key.kind, key.provider)))
        return; // the address changed while it was on its way
    for (const StateKey &other : m_states.keys(key.kind)) {
        if (other.provider == key.provider && !(other == key))
            m_states.remove(other); // of an address that is no longer used
    }
    m_states.save(key, stateFrom(models));
}

bool ModelLists::isOld(const ProviderInfo &provider) const
{
    const Account account = m_accounts.accountOf(provider.id);
    if (provider.deployments || account.baseUrl.isEmpty() ||
        m_accounts.state(provider.id) != AccountState::Ready)
        return false;
    const bool isHere = isLoopback(account.baseUrl);
    const auto asked = lastAsked(provider.id);
    if (asked && m_clock.steadyNow() - *asked < (isHere ? MostLocalAge : RestAfterAsking))
        return false;
    const auto at = listed(provider.id).at;
    if (!at)
        return true;
    const auto age = m_clock.utcNow() - *at;
    return age < 0ms || age > (isHere ? MostLocalAge : MostAge); // of the future: a clock was wrong
}

void ModelLists::refreshOld()
{
    for (const ProviderInfo &provider : m_accounts.providers()) {
        if (!m_asking.contains(provider.id) && isOld(provider))
            static_cast<void>(list(provider.id));
    }
}

//! Deployments belong to a resource: to the host, whatever path stands behind it.
QList<Deployment> ModelLists::deployments(const QString &provider) const
{
    StateKey key = keyOf(u"deployments"_s, provider);
    key.baseUrl = QUrl(originOf(key.baseUrl));
    QList<Deployment> deployments;
    const auto saved = m_states.state(key);
    if (!saved)
        return deployments;
    for (const QJsonValue &row : saved->value.value("deployments"_L1).toArray()) {
        const Deployment deployment{row["name"_L1].toString().left(LongestModelName),
                                    row["model"_L1].toString().left(LongestModelName),
                                    row["learned"_L1].toBool()};
        if (!deployment.name.isEmpty() && deployments.size() < MostDeployments)
            deployments.append(deployment);
    }
    return deployments;
}

void ModelLists::setDeployments(const QString &provider, const QList<Deployment> &deployments)
{
    QJsonArray rows;
    QSet<QString> names;
    for (const Deployment &deployment : deployments) {
        const QString name = deployment.name.trimmed().left(LongestModelName);
        if (name.isEmpty() || names.contains(name) || rows.size() == MostDeployments)
            continue;
        names.insert(name);
        QJsonObject row{{"name"_L1, name},
                        {"model"_L1, deployment.model.trimmed().left(LongestModelName)}};
        if (deployment.learned)
            row.insert("learned"_L1, true);
        rows.append(row);
    }
    StateKey key = keyOf(u"deployments"_s, provider);
    key.baseUrl = QUrl(originOf(key.baseUrl));
    m_states.save(key, {{"deployments"_L1, rows}});
    Q_EMIT changed(provider);
}

QSet<QString> ModelLists::unwanted(const QString &provider) const
{
    QSet<QString> models;
    const auto saved = m_states.state(unwantedKey(provider));
    if (!saved)
        return models;
    for (const QJsonValue &model : saved->value.value("models"_L1).toArray()) {
        if (models.size() < MostModels && model.toString().size() <= LongestModelName)
            models.insert(model.toString());
    }
    return models;
}

void ModelLists::setWanted(const QString &provider, const QString &model, bool wanted)
{
    QSet<QString> models = unwanted(provider);
    if (wanted)
        models.remove(model);
    else
        models.insert(model);
    QStringList sorted(models.cbegin(), models.cend());
    sorted.sort();
    if (sorted.isEmpty())
        m_states.remove(unwantedKey(provider));
    else
        m_states.save(unwantedKey(provider), {{"models"_L1, QJsonArray::fromStringList(sorted)}});
    Q_EMIT changed(provider);
}

QString ModelLists::modelBehind(const Target &target) const
{
    for (const ModelInfo &model : models(target.provider)) {
        if (model.id == target.model && !model.behind.isEmpty())
            return model.behind;
    }
    return target.model;
}

ModelInfo ModelLists::infoOf(const Target &target) const
{
    for (const ModelInfo &model : models(target.provider)) {
        if (model.id == target.model)
            return model;
    }
    return {};
}

void ModelLists::learn(const Target &target, const QString &answered)
{
    const ProviderInfo *row = m_accounts.provider(target.provider);
    if (!row || !row->deployments || answered.isEmpty())
        return;
    QList<Deployment> known = deployments(target.provider);
    const auto found =
        std::find_if(known.begin(), known.end(), [&target](const Deployment &deployment) {
            return deployment.name == target.model;
        });
    if (found == known.end())
        known.append({target.model, answered, true});
    else if (found->model == answered || (!found->model.isEmpty() && !found->learned))
        return; // what the user said stands
    else
        *found = {target.model, answered, true};
    setDeployments(target.provider, known);
}

} // namespace core
