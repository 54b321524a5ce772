#pragma once

#include <QColor>
#include <QString>

#include <optional>

namespace ui {

//! One line of a FilterPopup. All texts are foreign and shown as plain text.
struct PopupRow
{
    QString id;      //!< What chosen() tells; unique among the rows.
    QString section; //!< Rows of one section stand together; in the order given.
    QString title;
    QString detail;                   //!< Second line; may be empty.
    QString right;                    //!< An amount, a key.
    QString rightMeans;               //!< Said before it: "next message"; may be empty.
    QString state;                    //!< Beside the second line: "limited until 10:41".
    bool alerts = false;              //!< The state is a warning.
    QColor dot;                       //!< Invalid: none.
    QString search;                   //!< Further words that find it (ids, provider names).
    std::optional<bool> starred = {}; //!< None: it cannot be.
    bool onlyFound = false;           //!< Stands only while something is typed that finds it.
    bool operator==(const PopupRow &) const = default;
};

} // namespace ui
