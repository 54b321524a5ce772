#pragma once

class QWidget;

namespace ui {

//! QWidget::setVisible() that measures nothing before its time: Qt lays out at once what is shown
//! within a window that is not on the screen yet, and once more when that shows.
void setShown(QWidget &widget, bool shown);

} // namespace ui
