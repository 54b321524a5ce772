#pragma once

#include "core/client/accountsetup.h"
#include "core/client/endpointcontrol.h"
#include "core/client/modeldirectory.h"
#include "core/stats/health.h"
#include "ui/theme/themesource.h"

#include <QTimer>
#include <QWidget>

namespace ui {

class PillButton;
class PlainLabel;
class SegmentedControl;

//! What a provider's page works on for this part.
struct ProviderTrafficParts
{
    const core::AccountSetup &accounts;
    const core::ModelDirectory &models;
    const core::Health &health;
    core::EndpointControl &endpoints;
};

//! Whether requests to a provider are let through: what its circuit breaker and its rate gates hold
//! back, counted down while this is seen, and the user's word about it. Says nothing where nothing
//! is held back. UI thread.
class ProviderTraffic final : public QWidget
{
    Q_OBJECT
public:
    ProviderTraffic(const ThemeSource &theme, const ProviderTrafficParts &parts,
                    QWidget *parent = nullptr);

    void show(const QString &provider);

private:
    void build();
    void refresh();
    void force(int choice);
    void reset();
    [[nodiscard]] core::Target endpoint() const;
    [[nodiscard]] QStringList models() const; //!< Listed, or used within the day.
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

    ProviderTrafficParts m_parts;
    QString m_provider;
    QTimer m_tick; //!< Runs while this is seen.
    PlainLabel *m_state;
    PlainLabel *m_held;
    SegmentedControl *m_choice;
    PillButton *m_reset;
};

} // namespace ui
