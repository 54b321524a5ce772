#include "core/client/accountnotes.h"

#include "core/client/trafficcontrol.h"
#include "core/secrets/entraclient.h"

namespace core {

using namespace Qt::StringLiterals;

namespace {

constexpr auto RequestsPerMinute = "requests_per_minute"_L1;
constexpr auto TokensPerMinute = "tokens_per_minute"_L1;
constexpr auto Person = "person"_L1;
constexpr auto AuthorityFile = "file"_L1;
constexpr qsizetype LongestPerson = 300;

std::optional<std::int64_t> limitIn(const QJsonValue &value)
{
    const qint64 limit = value.toInteger();
    return limit > 0 && limit <= OwnLimits::Most ? std::optional<std::int64_t>(limit)
                                                 : std::nullopt;
}

} // namespace

AccountNotes::AccountNotes(const AccountSetup &accounts, StateStore &states, QObject *parent)
    : QObject(parent)
    , m_accounts(accounts)
    , m_states(states)
{
}

//! One account a provider, whatever its address: the first limits may come before its row does.
StateKey AccountNotes::keyOf(const QString &kind, const QString &provider) const
{
    return {kind, m_accounts.accountOf(provider).provider, 0, {}};
}

OwnLimits AccountNotes::limits(const QString &provider) const
{
    const auto saved = m_states.state(keyOf(u"limits"_s, provider));
    if (!saved)
        return {};
    return {limitIn(saved->value.value(RequestsPerMinute)),
            limitIn(saved->value.value(TokensPerMinute))};
}

void AccountNotes::setLimits(const QString &provider, const OwnLimits &limits)
{
    QJsonObject value;
    if (limits.requests)
        value.insert(RequestsPerMinute, qint64(*limits.requests));
    if (limits.tokens)
        value.insert(TokensPerMinute, qint64(*limits.tokens));
    const StateKey key = keyOf(u"limits"_s, provider);
    if (value.isEmpty())
        m_states.remove(key);
    else
        m_states.save(key, value);
    Q_EMIT limitsChanged(key.provider);
}

QString AccountNotes::authorityFile(const QString &provider) const
{
    const auto saved = m_states.state(keyOf(u"authority"_s, provider));
    return saved ? saved->value.value(AuthorityFile).toString() : QString();
}

void AccountNotes::setAuthorityFile(const QString &provider, const QString &file)
{
    const StateKey key = keyOf(u"authority"_s, provider);
    if (file.isEmpty())
        m_states.remove(key);
    else
        m_states.save(key, {{AuthorityFile, file}});
    Q_EMIT authorityChanged(key.provider);
}

QHash<QString, QString> AccountNotes::authorityFiles() const
{
    QHash<QString, QString> files;
    for (const StateKey &key : m_states.keys(u"authority"_s)) {
        const QString file = authorityFile(key.provider);
        if (file.isEmpty())
            continue;
        for (const QString &origin : m_accounts.origins(key.provider))
            files.insert(origin, file);
        const Account account = m_accounts.accountOf(key.provider);
        if (!account.entra.clientId.isEmpty())
            files.insert(entraOrigin(account.entra), file);
    }
    return files;
}

QString AccountNotes::person(const QString &provider) const
{
    if (!m_accounts.accountOf(provider).signedIn)
        return {};
    const auto saved = m_states.state(keyOf(u"signed_in"_s, provider));
    return saved ? saved->value.value(Person).toString().left(LongestPerson) : QString();
}

void AccountNotes::setPerson(const QString &provider, const QString &person)
{
    const StateKey key = keyOf(u"signed_in"_s, provider);
    if (person.isEmpty())
        m_states.remove(key);
    else
        m_states.save(key, {{Person, person.left(LongestPerson)}});
    Q_EMIT personChanged(key.provider);
}

void bindOwnLimits(AccountNotes &notes, const AccountSetup &accounts, TrafficControl &traffic)
{
    for (const ProviderInfo &provider : accounts.providers()) {
        if (const OwnLimits limits = notes.limits(provider.id); limits != OwnLimits())
            traffic.setOwnLimits(provider.id, limits);
    }
    QObject::connect(&notes, &AccountNotes::limitsChanged, &traffic,
                     [&notes, &traffic](const QString &provider) {
                         traffic.setOwnLimits(provider, notes.limits(provider));
                     });
}

} // namespace core
