#pragma once

#include "app/engine.h"
#include "core/client/modeldirectory.h"
#include "ui/theme/themesource.h"

#include <QObject>

namespace ui {
class FilterPopup;
struct PopupRow;
} // namespace ui

namespace app {

//! "PROVIDER/MODEL": how settings and the picker name a target.
[[nodiscard]] QString specOf(const core::Target &target);
//! The targets that \p lines name, one a line; those that no longer exist are left out.
[[nodiscard]] QList<core::Target> targetsFrom(const QString &lines, Engine &engine);

//! The model picker: recent models, then all by provider; any id may be typed. Remembers what was
//! used last. Main thread.
class ModelChooser : public QObject
{
    Q_OBJECT
public:
    //! A model is a route of one, without an id.
    using Choose = std::function<void(const core::Route &)>;
    enum class Offer { ModelsOnly, RoutesToo };

    //! The popup belongs to \p window.
    ModelChooser(Engine &engine, const core::ModelDirectory &models, const ui::ThemeSource &theme,
                 QWidget *window);

    //! Opens at \p anchor, on \p current if that stands there; \p choose is called if a model is
    //! taken.
    void open(const QWidget *anchor, Choose choose, Offer offer = Offer::RoutesToo,
              const core::Route &current = {});
    //! \p route is what a new chat uses from now on.
    void remember(const core::Route &route);

Q_SIGNALS:
    void failed(const QString &sentence);

private:
    void take(const QString &id);
    [[nodiscard]] QList<ui::PopupRow> routeRows();
    [[nodiscard]] QString rowFor(const core::Route &route) const; //!< Empty: none.
    [[nodiscard]] QList<ui::PopupRow> modelRows();                //!< Recent ones stand first.

    Engine &m_engine;
    const core::ModelDirectory &m_models;
    const ui::ThemeSource &m_theme;
    ui::FilterPopup *m_popup;
    QHash<QString, core::Route> m_pickable; //!< By the popup's ids.
    Choose m_choose;
};

} // namespace app
