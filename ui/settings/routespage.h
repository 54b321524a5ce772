#pragma once

#include "core/client/modeldirectory.h"
#include "core/client/routebook.h"
#include "core/settings/settings.h"
#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

class ChoiceBox;
class NoticeBar;
class PillButton;
class PlainLabel;
class RouteEditor;
class SettingsList;

//! Settings > Routes: the named routes, the one chosen to be changed, and which of them is gone on
//! with after a model that was chosen alone. Saved at once; what was taken away can be brought
//! back. UI thread.
class RoutesPage final : public QWidget
{
    Q_OBJECT
public:
    //! What the page works on; each must outlive it.
    struct Parts
    {
        core::RouteBook &routes;
        const core::AccountSetup &accounts;
        const core::ModelDirectory &models;
        core::Settings &settings;
    };

    RoutesPage(const ThemeSource &theme, const Parts &parts, QWidget *parent = nullptr);

    void addTarget(const core::Target &target); //!< To the route that is chosen.

Q_SIGNALS:
    void modelRequested(const QWidget *anchor); //!< addTarget() answers.
    void failed(const QString &sentence);

private:
    void build();
    void connectParts();
    void addRoute();
    void removeRoute();
    void offerUndo(const QString &told, const core::Route &before);
    void takeBack();
    void refresh();
    void refreshFurther();
    void saveFurther(int row);
    [[nodiscard]] std::int64_t currentId() const;

    const ThemeSource &m_theme;
    Parts m_parts;
    SettingsList *m_list;
    PlainLabel *m_empty;
    PillButton *m_add;
    PillButton *m_remove;
    NoticeBar *m_notice;
    RouteEditor *m_editor;
    ChoiceBox *m_further;
    std::optional<core::Route> m_before; //!< What Undo brings back.
};

} // namespace ui
