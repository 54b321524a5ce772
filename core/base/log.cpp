#include "core/base/log.h"

#include "core/base/redactor.h"

#include <stdio.h>
#include <stdlib.h>

namespace core {

Q_LOGGING_CATEGORY(logNet, "farthing.net", QtWarningMsg)
Q_LOGGING_CATEGORY(logClient, "farthing.client", QtWarningMsg)
Q_LOGGING_CATEGORY(logStore, "farthing.store", QtWarningMsg)
Q_LOGGING_CATEGORY(logSecrets, "farthing.secrets", QtWarningMsg)
Q_LOGGING_CATEGORY(logUi, "farthing.ui", QtWarningMsg)

namespace {

QString escaped(const QString &text)
{
    QString line;
    line.reserve(text.size());
    for (const QChar c : text) {
        if (c.category() == QChar::Other_Control)
            line += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'));
        else
            line += c;
    }
    return line;
}

void sink(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    const QString category = QString::fromLatin1(context.category ? context.category : "default");
    const QByteArray line =
        escaped(redacted(category + QStringLiteral(": ") + message)).toUtf8() + '\n';
    fwrite(line.constData(), 1, static_cast<size_t>(line.size()), stderr);
    if (type == QtFatalMsg)
        abort();
}

} // namespace

void installLogSink()
{
    qInstallMessageHandler(sink);
}

} // namespace core
