#include "core/secrets/sessionkeystore.h"

namespace core {

namespace {

QString entryName(const Account &account, const QString &origin)
{
    return account.provider + QLatin1Char(' ') + QString::number(account.id) + QLatin1Char(' ') +
           origin;
}

} // namespace

QFuture<Result<SecretString>> SessionKeyStore::read(const Account &account, const QString &origin)
{
    const SecretString key = m_keys.value(entryName(account, origin));
    if (!key.isEmpty())
        return QtFuture::makeReadyFuture(Result<SecretString>(key));
    return QtFuture::makeReadyFuture(
        Result<SecretString>(keyError(ErrorKind::KeyMissing, account)));
}

QFuture<Result<Done>> SessionKeyStore::write(const Account &account, const QString &origin,
                                             const SecretString &key)
{
    m_keys.insert(entryName(account, origin), key);
    return QtFuture::makeReadyFuture(Result<Done>(Done{}));
}

QFuture<Result<Done>> SessionKeyStore::remove(const Account &account, const QString &origin)
{
    m_keys.remove(entryName(account, origin));
    return QtFuture::makeReadyFuture(Result<Done>(Done{}));
}

} // namespace core
