#include "app/notifier.h"

#include "ui/widgets/plaintext.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

#include <utility>

namespace app {

namespace {

const auto Service = QStringLiteral("org.freedesktop.Notifications");
const auto Path = QStringLiteral("/org/freedesktop/Notifications");
const auto DefaultAction = QStringLiteral("default");
constexpr qsizetype LongestText = 200;
constexpr int AsTheServiceLikes = -1; //!< How long it stands.

QDBusMessage callOf(const QString &method)
{
    return QDBusMessage::createMethodCall(Service, Path, Service, method);
}

//! One line without marks that turn text around, and not longer than a notification shows.
QString plainLine(const QString &text)
{
    const QString line = ui::shownName(text);
    return line.size() > LongestText ? line.left(LongestText) + QStringLiteral("\u2026") : line;
}

} // namespace

Notifier::Notifier(const QDBusConnection &bus, QObject *parent)
    : QObject(parent)
    , m_bus(bus)
{
}

void Notifier::show(const QString &tag, const QString &title, const QString &body)
{
    Shown &shown = m_shown[tag];
    shown.withdrawn = false;
    shown.next = Texts{title, body};
    proceed(tag);
}

void Notifier::ask()
{
    if (std::exchange(m_asking, true))
        return;
    if (!std::exchange(m_listening, true)) { // only now: it asks the bus for the service's owner
        m_bus.connect(Service, Path, Service, QStringLiteral("ActionInvoked"), this,
                      SLOT(actionInvoked(uint, QString)));
        m_bus.connect(Service, Path, Service, QStringLiteral("NotificationClosed"), this,
                      SLOT(closed(uint, uint)));
    }
    auto *watcher = new QDBusPendingCallWatcher(
        m_bus.asyncCall(callOf(QStringLiteral("GetCapabilities"))), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        m_asking = false;
        const QDBusPendingReply<QStringList> reply = *watcher;
        const QStringList waiting = std::exchange(m_waiting, {});
        if (reply.isError())
            return m_shown.clear(); // no service; one may have come by the next time
        m_capabilities = reply.value();
        for (const QString &tag : waiting)
            proceed(tag);
    });
}

void Notifier::proceed(const QString &tag)
{
    const auto shown = m_shown.find(tag);
    if (shown == m_shown.end() || shown->busy || !shown->next)
        return;
    if (!m_capabilities) {
        if (!m_waiting.contains(tag))
            m_waiting.append(tag);
        return ask();
    }
    const Texts texts = *std::exchange(shown->next, std::nullopt);
    if (shown->withdrawn)
        return;
    shown->busy = true;
    send(tag, texts);
}

void Notifier::send(const QString &tag, const Texts &texts)
{
    const QString line = plainLine(texts.body);
    const bool markup = m_capabilities->contains(QStringLiteral("body-markup"));
    QStringList actions;
    if (m_capabilities->contains(QStringLiteral("actions")))
        actions << DefaultAction << tr("Open");
    QDBusMessage call = callOf(QStringLiteral("Notify"));
    call << QStringLiteral("Farthing") << m_shown.value(tag).id
         << QStringLiteral("io.github.farthing.Farthing") << plainLine(texts.title)
         << (markup ? line.toHtmlEscaped() : line) << actions
         << QVariantMap{{QStringLiteral("desktop-entry"),
                         QStringLiteral("io.github.farthing.Farthing")}}
         << AsTheServiceLikes;
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, tag] {
        watcher->deleteLater();
        const QDBusPendingReply<uint> reply = *watcher;
        if (reply.isError()) {
            m_shown.remove(tag);
            m_capabilities.reset(); // another service may take its place
            return;
        }
        Shown &shown = m_shown[tag];
        shown.busy = false;
        shown.id = reply.value();
        if (shown.withdrawn)
            return close(shown.id);
        proceed(tag);
    });
}

void Notifier::withdraw(const QString &tag)
{
    const auto shown = m_shown.find(tag);
    if (shown == m_shown.end())
        return;
    shown->withdrawn = true;
    shown->next.reset();
    if (shown->id && !shown->busy)
        close(shown->id);
}

void Notifier::close(uint id)
{
    QDBusMessage call = callOf(QStringLiteral("CloseNotification"));
    call << id;
    m_bus.asyncCall(call);
}

QString Notifier::tagOf(uint id) const
{
    for (auto shown = m_shown.cbegin(); shown != m_shown.cend(); ++shown) {
        if (shown->id == id)
            return shown.key();
    }
    return {};
}

void Notifier::actionInvoked(uint id, const QString &action)
{
    if (const QString tag = tagOf(id); !tag.isEmpty() && action == DefaultAction)
        Q_EMIT activated(tag);
}

void Notifier::closed(uint id, uint)
{
    if (const QString tag = tagOf(id); !tag.isEmpty())
        m_shown.remove(tag);
}

} // namespace app
