#pragma once

#include "core/base/error.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace core {

//! What a service says of a refusal beside its status.
struct RefusalWords
{
    QStringList codes; //!< Its code, its type and what else names it, in any case; empty ones too.
    QString message;   //!< Its sentence; only the beginning is read.
    int status = 0;    //!< The response's, or the one the body names; below 400: a stream's event.
};

//! The kind that the words of a refusal tell where its status alone does not: money that is spent
//! comes as 429, 403 or 400, an unknown model as 400. All services share one table of words (from
//! their references and public issues, November 2026), since gateways hand on what the service
//! behind them said. None: the status tells.
[[nodiscard]] std::optional<ErrorKind> kindOfWords(const RefusalWords &words);

//! Inside a stream there is no status: the codes stand for it. None: they tell nothing either.
[[nodiscard]] std::optional<ErrorKind> kindOfStreamCodes(const QStringList &codes);

} // namespace core
