#pragma once

#include <QByteArrayList>
#include <QTcpServer>

class QTcpSocket;

namespace tests {

//! An HTTP proxy on loopback that wants a user name and a password before it tunnels, wherever the
//! client wants to go, to one port of this machine.
class TunnelProxy final : public QTcpServer
{
    Q_OBJECT
public:
    //! \p login is "user:password"; empty: none is wanted.
    TunnelProxy(const QByteArray &login, quint16 target);

    [[nodiscard]] QString address() const; //!< "127.0.0.1:port".
    [[nodiscard]] QString url() const;     //!< For the environment; without a login.
    //! The heads of all requests, in the order they came.
    [[nodiscard]] const QByteArrayList &heads() const { return m_heads; }
    [[nodiscard]] qsizetype withLogin() const; //!< How many of them brought one, right or wrong.

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void take(QTcpSocket *client);
    void tunnel(QTcpSocket *client);

    QByteArray m_login;
    quint16 m_target;
    QByteArrayList m_heads;
};

} // namespace tests
