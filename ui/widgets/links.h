#pragma once

#include <QString>
#include <QUrl>

#include <optional>

class QWidget;

namespace ui {

//! What the question before a link says: the text of a link may lie about where it goes.
struct LinkQuestion
{
    QUrl url;
    QString host;         //!< Punycode; the address for mailto.
    QString fullUrl;      //!< Encoded, as it will be opened.
    QStringList warnings; //!< Why to look twice; empty for an ordinary link.
};

//! None for anything but http, https, mailto; with user info, control characters or no host.
//! \p shownText is what stood in the message.
[[nodiscard]] std::optional<LinkQuestion> linkQuestion(const QString &target,
                                                       const QString &shownText);

//! Asks, then opens the browser. A link that may not be opened says so. Returns at once.
void openLink(QWidget *parent, const QString &target, const QString &shownText);

} // namespace ui
