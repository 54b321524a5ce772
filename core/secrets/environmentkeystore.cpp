#include "core/secrets/environmentkeystore.h"

namespace core {

namespace {

QFuture<Result<Done>> readOnly(const Account &account)
{
    return QtFuture::makeReadyFuture(
        Result<Done>(keyError(ErrorKind::InputRejected, account,
                              QStringLiteral("Keys in the environment are changed there."))));
}

} // namespace

bool EnvironmentKeyStore::hasKey(const QString &provider) const
{
    const auto entry = m_entries.constFind(provider);
    return entry != m_entries.constEnd() && !keyOf(*entry).isEmpty();
}

SecretString EnvironmentKeyStore::keyOf(const Entry &entry)
{
    constexpr qsizetype NeededParts = 2;
    if (const QByteArray key = qgetenv(entry.variable.constData()).trimmed(); !key.isEmpty())
        return SecretString(key);
    QByteArrayList values;
    for (const QByteArray &part : entry.parts) {
        const QByteArray value = qgetenv(part.constData()).trimmed();
        if (value.isEmpty())
            break;
        values.append(value);
    }
    return values.size() < NeededParts ? SecretString() : SecretString(values.join(':'));
}

QFuture<Result<SecretString>> EnvironmentKeyStore::read(const Account &account,
                                                        const QString &origin)
{
    if (!hasKey(account.provider))
        return QtFuture::makeReadyFuture(
            Result<SecretString>(keyError(ErrorKind::KeyMissing, account)));
    const Entry entry = m_entries.value(account.provider);
    const bool confirmed =
        account.keySource == KeySource::Environment && account.keyOrigin == origin;
    if (!entry.own.contains(origin) && !confirmed)
        return QtFuture::makeReadyFuture(
            Result<SecretString>(keyError(ErrorKind::KeyMissing, account,
                                          QStringLiteral("%1 is set, but is not for %2.")
                                              .arg(QString::fromLatin1(entry.variable), origin))));
    return QtFuture::makeReadyFuture(Result<SecretString>(keyOf(entry)));
}

QFuture<Result<Done>> EnvironmentKeyStore::write(const Account &account, const QString &,
                                                 const SecretString &)
{
    return readOnly(account);
}

QFuture<Result<Done>> EnvironmentKeyStore::remove(const Account &account, const QString &)
{
    return readOnly(account);
}

} // namespace core
