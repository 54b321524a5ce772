#pragma once

#include "core/secrets/keystore.h"
#include "core/secrets/ownorigins.h"

#include <QHash>
#include <QStringList>

namespace core {

//! Keys that stand in environment variables: read at each use, never copied anywhere, never
//! written. Each goes only to the origins named for its provider: its own, and those that the user
//! confirmed for this run. Main thread.
class EnvironmentKeyStore final : public KeyStore
{
public:
    //! Where a provider's key stands and where it may go.
    struct Entry
    {
        QByteArray variable;
        OwnOrigins own = {};
        //! Variables that together are the key, joined by ":", where the one above is not set. The
        //! first two are needed.
        QList<QByteArray> parts = {};
    };

    explicit EnvironmentKeyStore(QHash<QString, Entry> entries)
        : m_entries(std::move(entries))
    {
    }

    [[nodiscard]] bool hasKey(const QString &provider) const;

    [[nodiscard]] QFuture<Result<SecretString>> read(const Account &account,
                                                     const QString &origin) override;
    //! InputRejected: the environment is the user's to change.
    [[nodiscard]] QFuture<Result<Done>> write(const Account &account, const QString &origin,
                                              const SecretString &key) override;
    [[nodiscard]] QFuture<Result<Done>> remove(const Account &account,
                                               const QString &origin) override;

private:
    [[nodiscard]] static SecretString keyOf(const Entry &entry);
    QHash<QString, Entry> m_entries; //!< By provider id.
};

} // namespace core
