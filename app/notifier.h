#pragma once

#include <QDBusConnection>
#include <QHash>
#include <QObject>

#include <optional>

namespace app {

//! Notifications of the desktop by D-Bus (Desktop Notifications Specification 1.2,
//! org.freedesktop.Notifications). Never waits; without a service nothing happens. Texts may be
//! foreign: markup in them is escaped where the service reads any. Main thread.
class Notifier final : public QObject
{
    Q_OBJECT
public:
    explicit Notifier(const QDBusConnection &bus, QObject *parent = nullptr);

    //! Shows \p title and \p body; \p tag says what it is about: a later one of the same tag
    //! replaces it.
    void show(const QString &tag, const QString &title, const QString &body);
    void withdraw(const QString &tag); //!< What it tells is known by now.

Q_SIGNALS:
    void activated(const QString &tag); //!< It was clicked.

private Q_SLOTS: // slots by name: QDBusConnection::connect knows no other form
    void actionInvoked(uint id, const QString &action);
    void closed(uint id, uint reason);

private:
    struct Texts
    {
        QString title, body;
    };
    struct Shown
    {
        uint id = 0;               //!< 0: the service has not answered yet.
        bool busy = false;         //!< It has been sent; the answer is awaited.
        std::optional<Texts> next; //!< To be sent after that.
        bool withdrawn = false;
    };
    void ask();
    void proceed(const QString &tag);
    void send(const QString &tag, const Texts &texts);
    void close(uint id);
    [[nodiscard]] QString tagOf(uint id) const;

    QDBusConnection m_bus;
    std::optional<QStringList> m_capabilities; //!< None: not known yet.
    bool m_asking = false;
    QStringList m_waiting; //!< Tags that wait for the answer, in the order of show().
    bool m_listening = false;
    QHash<QString, Shown> m_shown; //!< By tag.
};

} // namespace app
