#include "ui/transcript/composeredit.h"

#include "ui/transcript/textdirection.h"

#include <QKeyEvent>
#include <QMimeData>
#include <QTextBlock>
#include <QTextLayout>

namespace ui {

ComposerEdit::ComposerEdit(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setTabChangesFocus(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // The box around it is the composer's; within it the field has no edge of its own.
    setProperty("bare", true);
    connect(this, &QPlainTextEdit::textChanged, this, &ComposerEdit::alignText);
}

//! Qt gives each line its direction, but all lines of a plain field stand at one side: that of the
//! first line that tells.
void ComposerEdit::alignText()
{
    std::optional<Qt::LayoutDirection> direction;
    for (QTextBlock line = document()->begin(); line.isValid() && !direction; line = line.next())
        direction = strongDirection(line.text());
    QTextOption option = document()->defaultTextOption();
    const Qt::AlignmentFlag side = direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft;
    if (option.alignment() == side)
        return;
    option.setAlignment(side);
    document()->setDefaultTextOption(option);
}

//! Asked of the layout, not kept: another chat's draft may take the place of what is composed, and
//! not every input method says that it has ended then.
bool ComposerEdit::isComposing() const
{
    const QTextLayout *line = textCursor().block().layout();
    return line && !line->preeditAreaText().isEmpty();
}

bool ComposerEdit::sends(const QKeyEvent &event) const
{
    if (event.key() != Qt::Key_Return && event.key() != Qt::Key_Enter) {
        return false;
    }
    const Qt::KeyboardModifiers held = event.modifiers() & ~Qt::KeypadModifier;
    return held == (m_sendKey == SendKey::Enter ? Qt::NoModifier : Qt::ControlModifier);
}

void ComposerEdit::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && isComposing()) {
        event->ignore();
    } else if (sends(*event)) {
        Q_EMIT sendRequested();
    } else if (isEnter && (event->modifiers() & Qt::ControlModifier) == 0) {
        insertPlainText(QStringLiteral("\n")); // the base would make Shift+Enter a line separator
        ensureCursorVisible();
    } else if (event->key() == Qt::Key_Up && event->modifiers() == Qt::NoModifier &&
               document()->isEmpty()) {
        Q_EMIT editLastRequested();
    } else {
        QPlainTextEdit::keyPressEvent(event);
    }
}

bool ComposerEdit::canInsertFromMimeData(const QMimeData *source) const
{
    return source->hasText() || (m_takesFiles && (source->hasUrls() || source->hasImage()));
}

bool ComposerEdit::takeFiles(const QMimeData &source)
{
    QList<QUrl> files;
    for (const QUrl &url : source.urls()) {
        if (url.isLocalFile())
            files.append(url);
    }
    if (!files.isEmpty()) {
        Q_EMIT filesGiven(files);
        return true;
    }
    // Office programs offer a picture of every text: then the text is meant.
    const QImage image = source.hasText() ? QImage() : source.imageData().value<QImage>();
    if (image.isNull())
        return false;
    Q_EMIT imageGiven(image);
    return true;
}

void ComposerEdit::insertFromMimeData(const QMimeData *source)
{
    if (m_takesFiles && takeFiles(*source))
        return;
    const QString text = source->text();
    insertPlainText(text);
    ensureCursorVisible();
    int hidden = 0;
    for (const uint c : text.toUcs4()) {
        hidden += QChar::category(c) == QChar::Other_Format && c != 0x200D ? 1 : 0;
    }
    if (hidden > 0) {
        Q_EMIT hiddenCharactersPasted(hidden);
    }
}

} // namespace ui
