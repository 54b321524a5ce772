#pragma once

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QString>
#include <QVBoxLayout>

#include <initializer_list>

namespace ui {

//! From the left of a label to its field, on every page of Settings.
inline constexpr int LabelColumn = 188;

//! Widgets side by side, as one line of a form.
[[nodiscard]] inline QHBoxLayout *rowOf(std::initializer_list<QWidget *> widgets)
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2 * Theme::Step);
    for (QWidget *widget : widgets)
        row->addWidget(widget);
    return row;
}

//! What stands below each other in \p box: a field, its hint, what else can be done.
[[nodiscard]] inline QVBoxLayout *fieldColumn(QWidget *box)
{
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::Step);
    return column;
}

//! Cells of a table below its heads: Qt gives cells a margin of three pixels that heads do not
//! have, and these are inset by eight.
[[nodiscard]] inline QString tableCells()
{
    return QStringLiteral("QTableView::item { padding: 0 5px; border: none; }");
}

} // namespace ui
