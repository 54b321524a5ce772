#pragma once

#include "ui/widgets/statuspill.h"

#include <QListWidget>

namespace ui {

//! One row of a SettingsList.
struct SettingsRow
{
    QString id;
    QString title;
    QString detail; //!< Empty: the row has one line.
    Tone tone = Tone::Neutral;
    QString status; //!< A pill at the right; empty: none.
};

//! A column of rows of which one is chosen: the sections of Settings, the providers. Rows keep
//! their places when only their texts change. UI thread.
class SettingsList final : public QListWidget
{
    Q_OBJECT
public:
    SettingsList(const ThemeSource &theme, const QString &name, QWidget *parent = nullptr);

    void setRows(const QList<SettingsRow> &rows);
    [[nodiscard]] QString currentId() const;
    [[nodiscard]] QString idAt(int row) const;
    [[nodiscard]] int heightOfRows() const; //!< Without a scroll bar.
    void choose(const QString &id);         //!< Unknown ids change nothing.

Q_SIGNALS:
    void chosen(const QString &id);
};

} // namespace ui
