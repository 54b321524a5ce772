#pragma once

#include "core/store/sql.h"

#include <QByteArray>
#include <QList>

namespace core {

//! The steps of the schema, step i making version i + 1.
[[nodiscard]] QList<QByteArray> schemaSteps();
//! Splits a script into its statements; comments stay with the statement that they precede.
[[nodiscard]] QStringList statementsOf(const QByteArray &script);

//! Runs one step and sets mark and version, all in one transaction.
[[nodiscard]] Result<Done> migrate(Sql &sql, const QByteArray &script, int toVersion);

} // namespace core
