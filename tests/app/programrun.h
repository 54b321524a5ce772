#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

namespace tests {

//! What a run of a program left behind.
struct ProgramRun
{
    int status = -1;   //!< Its exit status; -1: it did not end in time, -2: it crashed.
    QByteArray output; //!< Of both channels, where the process merges them.
    QString messages;  //!< What stood on its standard error.

    //! The output of a verb with --json: one object a line.
    [[nodiscard]] QList<QJsonObject> lines() const
    {
        QList<QJsonObject> objects;
        for (const QByteArray &line : output.split('\n')) {
            if (!line.isEmpty())
                objects.append(QJsonDocument::fromJson(line).object());
        }
        return objects;
    }
    [[nodiscard]] QJsonObject lastLine() const
    {
        const QList<QJsonObject> objects = lines();
        return objects.isEmpty() ? QJsonObject() : objects.last();
    }
};

//! Waits for the end of \p process, which was started, and kills it if none comes. The event loop
//! runs meanwhile: whom it asks may be a server of this thread.
inline ProgramRun ended(QProcess &process)
{
    ProgramRun run;
    if (QTest::qWaitFor([&process] { return process.state() == QProcess::NotRunning; }, 60'000)) {
        run.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    } else {
        process.kill();
        process.waitForFinished();
    }
    run.output = process.readAllStandardOutput();
    run.messages = QString::fromUtf8(process.readAllStandardError());
    return run;
}

//! Runs `farthing` with \p arguments to its end, \p input on its standard input and nothing after.
inline ProgramRun runProgram(const QStringList &arguments, const QByteArray &input = {},
                             const QString &program = QStringLiteral(FARTHING_PROGRAM))
{
    QProcess process;
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    return ended(process);
}

} // namespace tests
