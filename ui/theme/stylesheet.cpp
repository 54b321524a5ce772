#include "ui/theme/stylesheet.h"

#include <utility>

namespace ui {

QPalette paletteOf(const Theme &theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, theme.window);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.card);
    palette.setColor(QPalette::AlternateBase, theme.sidebar);
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.muted);
    palette.setColor(QPalette::Button, theme.card);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::BrightText, theme.error);
    palette.setColor(QPalette::ToolTipBase, theme.card);
    palette.setColor(QPalette::ToolTipText, theme.text);
    palette.setColor(QPalette::Highlight, theme.accent);
    palette.setColor(QPalette::HighlightedText, theme.onAccent);
    palette.setColor(QPalette::Link, theme.accentText);
    palette.setColor(QPalette::LinkVisited, theme.accentText);
    palette.setColor(QPalette::Light, theme.card);
    palette.setColor(QPalette::Midlight, theme.sidebar);
    palette.setColor(QPalette::Mid, theme.hairline);
    palette.setColor(QPalette::Dark, theme.controlBorder);
    palette.setColor(QPalette::Shadow, theme.hairline);
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, theme.faint);
    }
    return palette;
}

QString styleSheetOf(const Theme &theme)
{
    // Fields have no colour of text here: with one, Qt draws their placeholders half as strong,
    // which is too weak to read; the palette has both. And a field of several lines has no least
    // height: Qt would put it in the place of what setFixedHeight() said.
    QString sheet = QStringLiteral(R"(
QToolTip { background: @card; color: @text; border: 1px solid @hairline; padding: 4px 8px; }
QPushButton { background: @card; color: @text; border: 1px solid @controlBorder; border-radius: 8px;
    padding: 5px 12px; min-height: 18px; }
QPushButton:hover { background: @sidebar; }
QPushButton:pressed { background: @selectedRow; }
QPushButton:disabled { color: @faint; border-color: @hairline; }
QPushButton:focus { border: 2px solid @accent; padding: 4px 11px; }
QPushButton[tone="primary"] { background: @text; color: @window; border-color: @text; font-weight: 600; }
QPushButton[tone="primary"]:focus { border-color: @accent; }
QPushButton[tone="primary"]:disabled { background: @hairline; color: @muted; border-color: @hairline; }
QPushButton[tone="danger"] { color: @error; border-color: @error; }
QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateEdit {
    background: @card; border: 1px solid @controlBorder; border-radius: 8px;
    padding: 5px 9px; selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateEdit { min-height: 18px; }
QFrame[boxed="true"] { background: @card; border: 1px solid @controlBorder; border-radius: 8px; }
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus,
QDateEdit:focus { border: 2px solid @accent; padding: 4px 8px; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled { color: @faint; border-color: @hairline; }
QComboBox:!editable { padding: 5px 11px; }
QComboBox:!editable:focus { padding: 4px 10px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox QLineEdit, QComboBox QLineEdit:focus { background: transparent; border: none; padding: 0;
    min-height: 0; }
QComboBox QAbstractItemView { background: @card; border: 1px solid @hairline; padding: 4px;
    selection-background-color: @selectedRow; selection-color: @text; outline: none; }
QMenu { background: @card; color: @text; border: 1px solid @hairline; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 6px; }
QMenu::item:selected { background: @selectedRow; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @hairline; margin: 4px 8px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @controlBorder; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QTableView, QTreeView, QListView { background: @card; color: @text; border: none; outline: none;
    gridline-color: @hairline; selection-background-color: @selectedRow; selection-color: @text; }
QHeaderView::section { background: @card; color: @muted; border: none;
    border-bottom: 1px solid @hairline; padding: 6px 8px; }
QCheckBox { spacing: 8px; outline: none; }
QCheckBox::indicator, QTableView::indicator { width: 14px; height: 14px; background: @card; border: 1px solid @controlBorder;
    border-radius: 4px; }
QCheckBox::indicator:hover, QTableView::indicator:hover { border-color: @muted; }
QCheckBox::indicator:focus { border: 2px solid @accent; width: 12px; height: 12px; }
QCheckBox::indicator:checked, QTableView::indicator:checked { background: @accent; border-color: @accent; image: url(@tick); }
QCheckBox::indicator:checked:focus { border-color: @text; }
QCheckBox::indicator:disabled, QTableView::indicator:disabled { border-color: @hairline; }
QCheckBox:disabled { color: @faint; }
QProgressBar { background: @hairline; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: @accent; border-radius: 2px; }
QProgressBar[tone="good"]::chunk { background: @good; }
QProgressBar[tone="warning"]::chunk { background: @warning; }
QListView[bare="true"], QPlainTextEdit[bare="true"], QPlainTextEdit[bare="true"]:focus {
    background: transparent; border: none; padding: 0; min-height: 0; }
QScrollArea { background: transparent; border: none; }
QSplitter::handle { background: @hairline; }
)");
    // Ink on the accent, which is dark in one theme and light in the other.
    sheet.replace(QLatin1StringView("@tick"), theme.onAccent.lightness() < 128
                                                  ? QLatin1StringView(":/icons/tick-dark.svg")
                                                  : QLatin1StringView(":/icons/tick-light.svg"));
    // Longer names first: a token may start with another's name.
    const std::pair<QLatin1StringView, QColor> tokens[] = {
        {QLatin1StringView("@controlBorder"), theme.controlBorder},
        {QLatin1StringView("@selectedRow"), theme.selectedRow},
        {QLatin1StringView("@hairline"), theme.hairline},
        {QLatin1StringView("@onAccent"), theme.onAccent},
        {QLatin1StringView("@sidebar"), theme.sidebar},
        {QLatin1StringView("@window"), theme.window},
        {QLatin1StringView("@accent"), theme.accent},
        {QLatin1StringView("@warning"), theme.warning},
        {QLatin1StringView("@muted"), theme.muted},
        {QLatin1StringView("@faint"), theme.faint},
        {QLatin1StringView("@error"), theme.error},
        {QLatin1StringView("@card"), theme.card},
        {QLatin1StringView("@good"), theme.good},
        {QLatin1StringView("@text"), theme.text},
    };
    for (const auto &[name, color] : tokens) {
        sheet.replace(name, color.name());
    }
    return sheet;
}

} // namespace ui
