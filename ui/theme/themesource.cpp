#include "ui/theme/themesource.h"

#include "ui/theme/stylesheet.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QEvent>
#include <QFontDatabase>
#include <QPalette>
#include <QStyleFactory>
#include <QWidget>

#include <algorithm>

namespace ui {

namespace {

Scheme schemeOf(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < 128 ? Scheme::Dark : Scheme::Light;
}

//! Read() wraps its answer in a variant inside a variant.
QVariant unwrapped(QVariant value)
{
    while (value.canConvert<QDBusVariant>()) {
        value = value.value<QDBusVariant>().variant();
    }
    return value;
}

//! While it lives no widget hears that its style changed. Each would lay itself out anew, also
//! those of places that are not shown, though from light to dark only colours change.
class StyleChangesUnheard final : public QObject
{
public:
    StyleChangesUnheard() { QCoreApplication::instance()->installEventFilter(this); }

    bool eventFilter(QObject *, QEvent *event) override
    {
        return event->type() == QEvent::StyleChange;
    }
};

} // namespace

ThemeSource::ThemeSource(Appearance appearance, QObject *parent)
    : QObject(parent)
    , m_appearance(appearance)
    , m_systemFont(QFontDatabase::systemFont(QFontDatabase::GeneralFont))
    , m_platformScheme(schemeOf(QGuiApplication::palette()))
{
    update();
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        return;
    }
    // No service name: with one, Qt asks the bus for its owner and blocks. Whoever sends the signal
    // is not believed, only asked after.
    bus.connect(QString(), QStringLiteral("/org/freedesktop/portal/desktop"),
                QStringLiteral("org.freedesktop.portal.Settings"), QStringLiteral("SettingChanged"),
                this, SLOT(readPortal()));
    readPortal();
}

void ThemeSource::readPortal()
{
    QDBusMessage call = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.portal.Desktop"),
        QStringLiteral("/org/freedesktop/portal/desktop"),
        QStringLiteral("org.freedesktop.portal.Settings"), QStringLiteral("Read"));
    call << QStringLiteral("org.freedesktop.appearance") << QStringLiteral("color-scheme");
    auto *watcher =
        new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isError()) {
            return;
        }
        bool isNumber = false;
        const uint preference = unwrapped(reply.value().variant()).toUInt(&isNumber);
        m_portalScheme.reset();
        if (isNumber && preference == 1) {
            m_portalScheme = Scheme::Dark;
        } else if (isNumber && preference == 2) {
            m_portalScheme = Scheme::Light;
        }
        update();
    });
}

void ThemeSource::setAppearance(Appearance appearance)
{
    m_appearance = appearance;
    update();
}

int ThemeSource::widthForText(int width) const
{
    constexpr int Usual = 100;
    return width * std::max(m_textPercent, Usual) / Usual;
}

void ThemeSource::setTextPercent(int percent)
{
    m_textPercent = std::clamp(percent, 70, 200);
    update();
}

void ThemeSource::prepare(QApplication &application)
{
    m_application = &application;
    // Or widgets that a style sheet speaks of would get a new font only by being polished anew.
    QCoreApplication::setAttribute(Qt::AA_UseStyleSheetPropagationInWidgetStyles);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    giveLook();
}

void ThemeSource::dress(QApplication &application)
{
    if (m_application == nullptr)
        prepare(application);
    m_isDressed = true;
    giveStyleSheet();
}

//! Qt polishes every widget anew for a sheet that is the same, and for another one each widget
//! again for every widget it stands in: a larger text took most of a second, and light to dark a
//! third. A sheet that is taken away and given anew polishes each once.
void ThemeSource::giveStyleSheet()
{
    const QString sheet = styleSheetOf(m_theme);
    if (m_application->styleSheet() == sheet)
        return;
    if (m_application->styleSheet().isEmpty()) { // sizes change as well
        m_application->setStyleSheet(sheet);
        return;
    }
    const StyleChangesUnheard unheard;
    m_application->setStyleSheet({});
    m_application->setStyleSheet(sheet);
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (QWidget *window : windows)
        window->update();
}

void ThemeSource::giveLook()
{
    QApplication::setPalette(paletteOf(m_theme));
    QApplication::setFont(m_theme.chrome);
    if (m_isDressed)
        giveStyleSheet();
}

void ThemeSource::update()
{
    Scheme scheme = m_portalScheme.value_or(m_platformScheme);
    if (m_appearance != Appearance::System) {
        scheme = m_appearance == Appearance::Dark ? Scheme::Dark : Scheme::Light;
    }
    Theme theme = makeTheme(scheme, m_systemFont, m_textPercent);
    if (theme.scheme == m_theme.scheme && theme.chrome == m_theme.chrome &&
        m_theme.window.isValid()) {
        return;
    }
    m_theme = std::move(theme);
    if (m_application != nullptr)
        giveLook();
    Q_EMIT changed();
}

} // namespace ui
