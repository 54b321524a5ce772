#pragma once

#include "ui/theme/themesource.h"

#include <QAbstractButton>

namespace ui {

//! One of the four places: its icon above its name, or in the rail the icon alone.
class PlaceButton final : public QAbstractButton
{
    Q_OBJECT
public:
    PlaceButton(const ThemeSource &theme, const QString &iconName, const QString &name,
                QWidget *parent = nullptr);

    void setNameShown(bool shown);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void keyPressEvent(QKeyEvent *event) override; //!< Enter presses it, as it does every button.
    void paintEvent(QPaintEvent *event) override;

private:
    const ThemeSource &m_theme;
    QString m_iconName;
    bool m_nameShown = true;
};

} // namespace ui
