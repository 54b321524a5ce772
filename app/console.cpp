#include "app/console.h"

#include "core/base/redactor.h"

#include <QByteArray>

#include <stdio.h>
#include <unistd.h>

namespace app {

namespace {

bool outputOpen = true;

//! Escape sequences in an answer must not steer the reader's terminal.
QString harmless(const QString &text)
{
    QString safe;
    safe.reserve(text.size());
    for (const QChar c : text) {
        const bool control = c.category() == QChar::Other_Control && c != QLatin1Char('\n') &&
                             c != QLatin1Char('\t');
        safe += control ? QChar(QChar::ReplacementCharacter) : c;
    }
    return safe;
}

void writeTo(FILE *stream, const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    const size_t size = static_cast<size_t>(bytes.size());
    if (fwrite(bytes.constData(), 1, size, stream) != size || fflush(stream) != 0)
        outputOpen = outputOpen && stream != stdout;
}

} // namespace

void Console::out(const QString &text)
{
    static const bool terminal = isatty(STDOUT_FILENO) == 1;
    writeTo(stdout, terminal ? harmless(text) : text);
}

void Console::outLine(const QString &line)
{
    out(line + QLatin1Char('\n'));
}

void Console::errorLine(const QString &line)
{
    writeTo(stderr, harmless(core::redacted(line)) + QLatin1Char('\n'));
}

bool Console::stdinIsTerminal()
{
    return isatty(STDIN_FILENO) == 1;
}

bool Console::isOpen()
{
    return outputOpen;
}

} // namespace app
