#pragma once

#include "core/conversation/conversation.h"
#include "ui/chat/detailspanel.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

namespace ui {

//! Keeps a DetailsPanel showing one answer of a conversation: the one chosen, else the newest. A
//! running answer comes from its reply, at most ten times a second; an older one from the store.
//! Rests while the panel is hidden. UI thread.
class DetailsFeed final : public QObject
{
    Q_OBJECT
public:
    DetailsFeed(DetailsPanel &panel, DetailSources sources, QObject *parent = nullptr);

    void setConversation(core::Conversation *conversation); //!< Chooses the newest again.
    void choose(std::int64_t messageId);                    //!< 0 or no answer: the newest.
    [[nodiscard]] std::int64_t shown() const;               //!< The answer shown; 0: none.
    void refresh();                                         //!< The panel was shown.
    void refreshStored(); //!< The ledger has changed: what was open in it may have ended.

private:
    void pathChanged();
    void messageChanged(std::int64_t messageId);
    void refreshSoon();
    void readStored(std::int64_t requestId);
    //! The request that wrote the last of the pieces that \p answer had before; 0: it had none.
    [[nodiscard]] static std::int64_t earlierRequest(const core::MessageRecord &answer);
    //! Makes m_earlier that of \p answer, which runs, as far as it is known. False: not yet.
    bool findEarlier(const core::MessageRecord &answer);
    //! As it is among all those of its answer.
    [[nodiscard]] core::AttemptRecord behindEarlier(core::AttemptRecord attempt) const;
    [[nodiscard]] AnswerDetails detailsOf(const core::MessageRecord &answer);
    [[nodiscard]] QString titleOf(std::int64_t answer) const;

    DetailsPanel &m_panel;
    DetailSources m_sources;
    QPointer<core::Conversation> m_conversation;
    std::int64_t m_chosen = 0; //!< 0: the newest.
    QTimer m_soon;
    //! All attempts of an answer up to a request, with those of the pieces before it.
    struct Known
    {
        std::int64_t requestId = 0;
        QList<core::AttemptRecord> attempts;
    };
    Known m_known;              //!< The last reply's, or what the store said last.
    Known m_earlier;            //!< Of the pieces before the one that runs.
    std::int64_t m_reading = 0; //!< Request that is being read; 0: none.
};

} // namespace ui
