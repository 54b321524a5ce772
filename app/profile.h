#pragma once

#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace app {

//! Where this run keeps its files: the user's own places, a folder named by --profile, or a
//! throw-away one.
class Profile
{
public:
    [[nodiscard]] static Profile standard();
    [[nodiscard]] static Profile below(const QString &directory);
    [[nodiscard]] static Profile throwAway(); //!< Deleted with the last copy.

    [[nodiscard]] QString dataDirectory() const { return m_data; }
    [[nodiscard]] QString configFile() const { return m_config; }
    [[nodiscard]] QString priceFile() const;    //!< The prices that the user set.
    [[nodiscard]] QString priceArchive() const; //!< Catalogues that were taken, a folder.
    [[nodiscard]] QString cacheDirectory() const { return m_cache; }
    [[nodiscard]] bool isValid() const { return !m_data.isEmpty(); }
    //! Keychain service: "farthing", other profiles "farthing-" + 12 hex digits of the SHA-256 of
    //! their path.
    [[nodiscard]] QString keychainService() const { return m_service; }

private:
    QString m_data, m_config, m_cache, m_service;
    std::shared_ptr<QTemporaryDir> m_temporary;
};

} // namespace app
