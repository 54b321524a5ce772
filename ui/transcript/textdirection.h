#pragma once

#include <QStringView>

#include <optional>

namespace ui {

//! The direction of a paragraph, by its first strong character. None: it has no such character.
[[nodiscard]] inline std::optional<Qt::LayoutDirection> strongDirection(QStringView text)
{
    for (const QChar c : text) {
        switch (c.direction()) {
        case QChar::DirL:
            return Qt::LeftToRight;
        case QChar::DirR:
        case QChar::DirAL:
            return Qt::RightToLeft;
        default:
            break;
        }
    }
    return std::nullopt;
}

} // namespace ui
