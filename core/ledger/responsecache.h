#pragma once

#include "core/base/picousd.h"
#include "core/base/result.h"
#include "core/chat/message.h"
#include "core/chat/streamevent.h"
#include "core/chat/usage.h"

#include <QByteArray>
#include <QFuture>

#include <optional>

namespace core {

//! A whole answer as it may be given again.
struct CachedAnswer
{
    QList<ContentPart> parts; //!< Text and reasoning, without what only its maker can use.
    FinishReason reason = FinishReason::Stop;
    QString model; //!< As the response said.
    Usage usage;
    std::optional<PicoUsd> cost; //!< What it cost; none: that is not known.
    bool operator==(const CachedAnswer &) const = default;
};

//! Answers to exactly the same request. A key is the SHA-256 of all that the answer depends on, in
//! hex; nothing else of the request is kept. All calls are made from and answered in the main
//! thread; none of them waits.
class ResponseCache
{
public:
    virtual ~ResponseCache() = default;

    //! Nothing if there is none, or it is too old or damaged.
    [[nodiscard]] virtual QFuture<Result<std::optional<CachedAnswer>>>
    find(const QByteArray &key) = 0;
    virtual void keep(const QByteArray &key, const CachedAnswer &answer) = 0;
    //! Forgets all; the number of bytes that were freed.
    virtual QFuture<Result<qint64>> clear() = 0;
};

} // namespace core
