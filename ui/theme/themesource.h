#pragma once

#include "ui/theme/theme.h"

#include <QObject>
#include <QVariant>

#include <optional>

class QApplication;

namespace ui {

//! What the user chose in Settings.
enum class Appearance { System, Light, Dark };

//! The theme in force and the news that it changed. Widgets take a reference, read theme() while
//! painting and call update() on changed(). GUI thread only; outlives every widget that holds it.
//!
//! "System" follows the desktop portal's color-scheme (org.freedesktop.portal.Settings, interface
//! version 1) asynchronously, else the lightness of the palette that the platform gave. Starts with
//! the palette's and changes when the portal answers.
class ThemeSource final : public QObject
{
    Q_OBJECT
public:
    explicit ThemeSource(Appearance appearance = Appearance::System, QObject *parent = nullptr);

    [[nodiscard]] const Theme &theme() const { return m_theme; }
    [[nodiscard]] Appearance appearance() const { return m_appearance; }
    [[nodiscard]] int textPercent() const { return m_textPercent; }
    //! What a panel of text or an icon beside one that is \p width wide at the usual text size
    //! needs at the chosen one. Never less than \p width.
    [[nodiscard]] int widthForText(int width) const;

    void setAppearance(Appearance appearance);
    void setTextPercent(int percent); //!< Kept within 70 to 200.

    //! Gives \p application Fusion with our palette and fonts, now and on each change: all that a
    //! widget may ask for while it is built.
    void prepare(QApplication &application);
    //! The style sheet as well. Widgets that are built before cost less: under a style sheet each
    //! new parent styles the whole tree below anew.
    void dress(QApplication &application);

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void readPortal(); // a slot by name: QDBusConnection::connect knows no other form

private:
    void update();
    void giveLook();
    void giveStyleSheet();

    Appearance m_appearance;
    int m_textPercent = 100;
    QFont m_systemFont;
    Scheme m_platformScheme;
    std::optional<Scheme> m_portalScheme; //!< None: no answer, or no preference.
    Theme m_theme;
    QApplication *m_application = nullptr; //!< From prepare() on.
    bool m_isDressed = false;
};

} // namespace ui
