#pragma once

#include "ui/theme/themesource.h"

#include <QStringList>
#include <QWidget>

namespace ui {

//! A row of choices of which one holds: ranges, kinds. Arrow keys move, as in a group of radios.
class SegmentedControl final : public QWidget
{
    Q_OBJECT
public:
    SegmentedControl(const ThemeSource &theme, const QStringList &choices,
                     QWidget *parent = nullptr);

    [[nodiscard]] int current() const { return m_current; }
    [[nodiscard]] QString currentText() const { return m_choices.value(m_current); }
    void setCurrent(int index); //!< Emits nothing; an index outside the choices is ignored.
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void chosen(int index); //!< By the user.

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] QRect segment(int index) const;
    void choose(int index);

    const ThemeSource &m_theme;
    QStringList m_choices;
    int m_current = 0;
};

} // namespace ui
