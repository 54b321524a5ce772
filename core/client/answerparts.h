#pragma once

#include "core/chat/message.h"
#include "core/chat/streamevent.h"

#include <QHash>
#include <QList>
#include <QString>

namespace core {

//! Puts an answer together from its pieces: text and reasoning grow at the end, tool calls by their
//! index.
class AnswerParts
{
public:
    //! \p provider marks reasoning, which goes back only to who made it.
    //! The answer goes on after \p before: it is continued.
    void clear(const QString &provider, const QList<ContentPart> &before = {});
    void add(const StreamEvent &event); //!< Events without content change nothing.

    [[nodiscard]] const QList<ContentPart> &parts() const { return m_parts; }

private:
    void addPiece(const TextDelta &delta);
    void addPiece(const ReasoningDelta &delta);
    void addPiece(const ToolCallDelta &delta);
    template <typename Other>
    void addPiece(const Other &)
    {
    }

    QString m_provider;
    QList<ContentPart> m_parts;
    QHash<int, qsizetype> m_toolCalls; //!< Index on the wire -> place in m_parts.
};

//! Whether \p event shows the reader something that must not come twice: text or a tool call.
[[nodiscard]] bool isVisible(const StreamEvent &event);

} // namespace core
