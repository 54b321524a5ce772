#pragma once

#include "core/base/clock.h"
#include "core/stats/health.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QCheckBox;

namespace core {
class ModelLists;
class Settings;
} // namespace core

namespace ui {

class PlainLabel;
class StatusPill;

//! How a provider fares: in words what the ledger tells of the last quarter hour and day, how the
//! last free call ended, and whether to make one now and then while this is seen. UI thread.
class ProviderHealth final : public QWidget
{
    Q_OBJECT
public:
    ProviderHealth(const ThemeSource &theme, core::Health &health, const core::ModelLists &lists,
                   core::Settings &settings, const core::Clock &clock, QWidget *parent = nullptr);

    //! \p name: as the page calls it.
    void show(const QString &provider, const QString &name);

Q_SIGNALS:
    void failed(const QString &sentence);

private:
    void build();
    void refresh();

    core::Health &m_health;
    const core::ModelLists &m_lists;
    core::Settings &m_settings;
    const core::Clock &m_clock;
    QString m_provider;
    QString m_name;
    StatusPill *m_verdict;
    PlainLabel *m_quarter;
    PlainLabel *m_evidence;
    QCheckBox *m_active;
};

} // namespace ui
