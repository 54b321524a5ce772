#pragma once

#include "core/client/routebook.h"
#include "ui/settings/routetargets.h"

namespace ui {

class ChoiceBox;
class PillButton;
class PlainLabel;
class SettingField;

//! One route to be changed: its name, its kind and its targets. Saved at once. UI thread.
class RouteEditor final : public QWidget
{
    Q_OBJECT
public:
    RouteEditor(const ThemeSource &theme, core::RouteBook &routes,
                const core::AccountSetup &accounts, const core::ModelDirectory &models,
                QWidget *parent = nullptr);

    void edit(std::int64_t id); //!< 0, or one that is gone: shows nothing.
    void refresh();
    void focusName();
    void addTarget(const core::Target &target); //!< At the end; what is there already moves there.

Q_SIGNALS:
    void modelRequested(const QWidget *anchor);
    void refused(const QString &sentence);
    //! A target was taken out or the order changed: \p before brings it back.
    void changed(const core::Route &before);

private:
    void build(const ThemeSource &theme);
    void setTargets(const QList<core::Target> &targets);
    void showKind(const core::Route &route);
    void refreshButtons();

    core::RouteBook &m_routes;
    SettingField *m_name;
    ChoiceBox *m_kind;
    PlainLabel *m_rule;
    RouteTargets *m_targets;
    PlainLabel *m_empty;
    PillButton *m_add;
    PillButton *m_up;
    PillButton *m_down;
    PillButton *m_remove;
    std::int64_t m_id = 0;
};

} // namespace ui
