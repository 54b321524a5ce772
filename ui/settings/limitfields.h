#pragma once

#include "core/client/accountnotes.h"
#include "core/client/endpointcontrol.h"
#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

class SettingField;

//! How much the user wants sent to a provider in a minute, beside what it says itself. Empty: as it
//! says. Saved when left, with Undo. UI thread.
class LimitFields final : public QWidget
{
    Q_OBJECT
public:
    LimitFields(const ThemeSource &theme, core::AccountNotes &notes,
                const core::EndpointControl &endpoints, QWidget *parent = nullptr);

    void show(const QString &provider);

private:
    void refresh();
    void take(SettingField *field, const QString &text);
    void showEvent(QShowEvent *event) override;

    core::AccountNotes &m_notes;
    const core::EndpointControl &m_endpoints;
    QString m_provider;
    SettingField *m_requests;
    SettingField *m_tokens;
};

//! "400,000", "400 000", "400000": a whole number from 1 to OwnLimits::Most. None: anything else.
[[nodiscard]] std::optional<std::int64_t> limitFrom(const QString &text);

} // namespace ui
