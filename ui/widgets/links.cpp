#include "ui/widgets/links.h"

#include "ui/widgets/notice.h"

#include <QAbstractButton>
#include <QCoreApplication>
#include <QDesktopServices>
#include <QMessageBox>
#include <QPushButton>
#include <QSet>

#include <algorithm>

namespace ui {

namespace {

constexpr qsizetype LongQuery = 100;

QString tr(const char *text)
{
    return QCoreApplication::translate("links", text);
}

bool hasForbiddenCharacter(const QString &text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
    });
}

bool mixesScripts(const QString &host)
{
    QSet<int> scripts;
    for (const uint c : host.toUcs4()) {
        const QChar::Script script = QChar::script(c);
        if (script != QChar::Script_Common && script != QChar::Script_Inherited) {
            scripts.insert(static_cast<int>(script));
        }
    }
    return scripts.size() > 1;
}

//! Text that names a host of its own promises to lead there.
QString promisedHost(const QString &shownText)
{
    const QString text = shownText.trimmed();
    if (text.contains(QLatin1Char(' ')) || !text.contains(QLatin1Char('.'))) {
        return {};
    }
    return QUrl::fromUserInput(text).host(QUrl::FullyEncoded);
}

} // namespace

std::optional<LinkQuestion> linkQuestion(const QString &target, const QString &shownText)
{
    const QUrl url(target, QUrl::StrictMode);
    if (hasForbiddenCharacter(target) || !url.isValid()) {
        return std::nullopt;
    }
    LinkQuestion question{url, {}, url.toString(QUrl::FullyEncoded), {}};
    if (url.scheme() == QLatin1StringView("mailto")) {
        question.host = url.path(QUrl::FullyEncoded);
        // Without an address it is no letter; some mail programs take a file from such a query.
        if (!question.host.contains(QLatin1Char('@')) ||
            url.query().contains(QLatin1StringView("attach"), Qt::CaseInsensitive)) {
            return std::nullopt;
        }
        return question;
    }
    const bool web =
        url.scheme() == QLatin1StringView("https") || url.scheme() == QLatin1StringView("http");
    if (!web || url.host().isEmpty() || !url.userInfo().isEmpty() ||
        url.authority().contains(QLatin1Char('@'))) {
        return std::nullopt;
    }
    question.host = url.host(QUrl::FullyEncoded);
    const QString promised = promisedHost(shownText);
    if (!promised.isEmpty() && promised != question.host) {
        question.warnings << tr("The text names %1, the link leads elsewhere.").arg(promised);
    }
    // Qt shows hosts of unlisted domains in punycode: what was written is decoded from the target.
    if (mixesScripts(QUrl::fromAce(question.host.toLatin1(), QUrl::IgnoreIDNWhitelist))) {
        question.warnings << tr("The host mixes scripts: it may imitate another.");
    }
    if (url.query(QUrl::FullyEncoded).size() > LongQuery) {
        question.warnings << tr("The link carries a long query, which may hold data of this chat.");
    }
    return question;
}

void openLink(QWidget *parent, const QString &target, const QString &shownText)
{
    const std::optional<LinkQuestion> question = linkQuestion(target, shownText);
    if (!question) {
        QMessageBox *box = makeNotice(parent, tr("Link not opened"),
                                      tr("Only plain web and mail links can be opened."));
        box->open();
        return;
    }
    QString wrapped = question->fullUrl;
    constexpr qsizetype LineLength = 64;
    for (qsizetype at = LineLength; at < wrapped.size(); at += LineLength + 1) {
        wrapped.insert(at, QLatin1Char('\n')); // one long word would widen the dialog off screen
    }
    QStringList detail = question->warnings;
    detail << wrapped;
    QMessageBox *box =
        makeNotice(parent, tr("Open link"), question->host, detail.join(QStringLiteral("\n\n")));
    const QAbstractButton *open = box->addButton(tr("Open in browser"), QMessageBox::AcceptRole);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    QObject::connect(box, &QMessageBox::buttonClicked, box,
                     [open, url = question->url](const QAbstractButton *clicked) {
                         if (clicked == open) {
                             QDesktopServices::openUrl(url);
                         }
                     });
    box->open();
}

} // namespace ui
