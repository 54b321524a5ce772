#pragma once

#include "core/base/result.h"
#include "core/net/httptransport.h"

#include <QHash>
#include <QNetworkAccessManager>
#include <QNetworkRequest>

namespace core {

//! The network factory: makes every manager and every QNetworkRequest, so that the rules of
//! threats.md A1 and A7 to A9 stand in one place. A manager serves one exchange at a time, because
//! Qt opens at most six connections a host and manager; idle ones are kept for their open
//! connections.
class ManagerPool final : public QObject
{
public:
    enum class Reuse { Yes, No };

    explicit ManagerPool(NetworkOptions options, QObject *parent = nullptr);

    [[nodiscard]] const NetworkOptions &options() const { return m_options; }
    //! Idle managers are dropped, leased ones when they come back: Qt's connection cache does not
    //! know the certificates that a connection was checked against.
    void setOptions(NetworkOptions options);

    //! A manager for one exchange with \p origin, preferably one that talked to it before. Fails
    //! if the additional certificate authority cannot be read: nothing is sent without it then.
    [[nodiscard]] Result<QNetworkAccessManager *> lease(const QString &origin);
    //! \p manager may still be on the stack: it is deleted later if it cannot be used again.
    void release(QNetworkAccessManager *manager, Reuse reuse);

    [[nodiscard]] QNetworkRequest wireRequest(const HttpRequest &request) const;

private:
    struct Lease
    {
        QString origin;
        int generation;
    };

    [[nodiscard]] Result<Done> prepareTls();
    [[nodiscard]] QNetworkAccessManager *makeManager();

    NetworkOptions m_options;
    std::optional<QSslConfiguration> m_tls; //!< None until first needed.
    int m_generation = 0;                   //!< Counts changes of options.
    QHash<QNetworkAccessManager *, Lease> m_leased;
    QList<std::pair<QNetworkAccessManager *, QString>> m_idle; //!< With origin, oldest first.
};

} // namespace core
