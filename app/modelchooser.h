#pragma once

#include "app/engine.h"
#include "core/client/modeldirectory.h"
#include "ui/theme/themesource.h"
#include "ui/widgets/modelpicker.h"

#include <QObject>
#include <QSet>

namespace app {

//! The model picker: favourites, recent models, routes, then all models by provider; any id may be
//! typed. Remembers what was used last and what is starred. Main thread.
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
    //! taken. \p next: what would be asked next, for its cost; none: nothing is said of that.
    void open(const QWidget *anchor, Choose choose, Offer offer = Offer::RoutesToo,
              const core::Route &current = {},
              const std::optional<core::ChatRequest> &next = std::nullopt);
    //! \p route is what a new chat uses from now on.
    void remember(const core::Route &route);

Q_SIGNALS:
    void failed(const QString &sentence);

private:
    void take(const QString &id);
    [[nodiscard]] QList<ui::PopupRow> routeRows();
    [[nodiscard]] QString rowFor(const core::Route &route) const; //!< Empty: none.
    //! Favourites stand first, then recent ones.
    [[nodiscard]] QList<ui::PopupRow> modelRows();
    [[nodiscard]] ui::PopupRow add(const ui::ModelRow &row, const core::Target &target);
    [[nodiscard]] ui::ModelRow rowOf(const core::ModelChoice &choice) const;
    [[nodiscard]] QList<ui::PopupRow> typedRows(const QString &query) const;
    void refreshRows(const QString &spec, const std::function<void(ui::ModelRow &)> &change);
    void star(const QString &id, bool starred);
    void expect(const QStringList &ids);
    void addLimit(ui::ModelRow &row, const core::Target &target) const;

    Engine &m_engine;
    const core::ModelDirectory &m_models;
    const ui::ThemeSource &m_theme;
    ui::FilterPopup *m_popup;
    QHash<QString, core::Route> m_pickable; //!< By the popup's ids.
    QHash<QString, ui::ModelRow> m_rows;    //!< Likewise.
    QStringList m_ready;                    //!< Providers that answer now, the one used first.
    std::optional<core::ChatRequest> m_next;
    QSet<QString> m_expected; //!< What the next message costs there is known or asked.
    int m_opening = 0;        //!< A late answer is of an earlier one.
    Choose m_choose;
};

} // namespace app
