#pragma once

#include "core/chat/usage.h"
#include "core/providers/json.h"

#include <QMap>
#include <QSet>

namespace core {

//! Counts what ran at the service during one answer of the Responses API and is charged by the
//! piece, beside its tokens: web and file searches, containers that ran code, pictures. The
//! service's own count stands only in newer answers, and only for web searches (recorded:
//! "tool_usage"). What is charged by its tokens alone (MCP) or runs elsewhere is no piece.
class HostedCalls
{
public:
    //! What \p item is charged as; none: nothing, or not by the piece.
    [[nodiscard]] static std::optional<FeeUnit> unitOf(const JsonElement &item);

    //! Notes \p item, which has ended; \p place names it where it has no id. Whether it counts as
    //! one more.
    bool take(const JsonElement &item, const QString &place);
    [[nodiscard]] bool has(FeeUnit unit) const { return m_pieces.contains(unit); }
    [[nodiscard]] QMap<FeeUnit, std::int64_t> fees() const;
    //! With what \p response, the whole one, counts itself.
    [[nodiscard]] QMap<FeeUnit, std::int64_t> feesOf(const JsonElement &response) const;

private:
    QMap<FeeUnit, QSet<QString>> m_pieces;
};

} // namespace core
