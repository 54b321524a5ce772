#pragma once

#include "ui/theme/themesource.h"

#include <QKeySequence>
#include <QWidget>

class QPainter;

namespace ui {

//! Draws \p key as the caps to press, trailing edge at that of \p room; nothing for an empty key.
void paintKey(QPainter &painter, const QRect &room, const Theme &theme, const QKeySequence &key);
[[nodiscard]] QSize keySize(const Theme &theme, const QKeySequence &key);

//! A key as its caps, for lists.
class KeyLabel final : public QWidget
{
    Q_OBJECT
public:
    explicit KeyLabel(const ThemeSource &theme, QWidget *parent = nullptr);

    void setKey(const QKeySequence &key);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const ThemeSource &m_theme;
    QKeySequence m_key;
};

} // namespace ui
