#include "core/store/migrations.h"

#include "core/store/databasefile.h"

#include <QFile>

#include <sqlite3.h>

// Outside any namespace, as the macro wants it: a static library's resources are not linked unless
// someone names them.
static void linkSchema()
{
    Q_INIT_RESOURCE(schema);
}

namespace core {

QList<QByteArray> schemaSteps()
{
    linkSchema();
    QList<QByteArray> steps;
    while (true) {
        QFile file(
            QStringLiteral(":/schema/%1.sql").arg(steps.size() + 1, 3, 10, QLatin1Char('0')));
        if (!file.open(QIODevice::ReadOnly))
            return steps;
        steps.append(file.readAll());
    }
}

QStringList statementsOf(const QByteArray &script)
{
    QStringList statements;
    QByteArray current;
    for (const char c : script) {
        current.append(c);
        // SQLite's own judgement: a semicolon inside a trigger, a string or a comment ends nothing.
        if (c == ';' && sqlite3_complete(current.constData()) != 0) {
            statements.append(QString::fromUtf8(current).trimmed());
            current.clear();
        }
    }
    return statements;
}

Result<Done> migrate(Sql &sql, const QByteArray &script, int toVersion)
{
    sql.run(QStringLiteral("BEGIN IMMEDIATE"));
    for (const QString &statement : statementsOf(script))
        sql.run(statement);
    // Pragmas take no bound values; these are whole numbers of our own.
    sql.run(QStringLiteral("PRAGMA application_id = %1").arg(ApplicationId));
    sql.run(QStringLiteral("PRAGMA user_version = %1").arg(toVersion));
    sql.run(QStringLiteral("COMMIT"));
    if (!sql.failed())
        return Done();
    const Error error = sql.error();
    sql.reset();
    sql.run(QStringLiteral("ROLLBACK"));
    return storageError(QStringLiteral("Bringing the database to version %1 failed; it was left "
                                       "as it was. %2")
                            .arg(toVersion)
                            .arg(error.detail));
}

} // namespace core
