#pragma once

#include "core/client/warmprompt.h"
#include "ui/conversation/conversationfeed.h"

#include <QObject>
#include <QTimer>

namespace ui {

class Composer;

//! Says, in the composer's notice, what is lost where the next turn goes to another model than the
//! one whose service keeps the chat's prompt: by the user's choice, or since a fallback answered
//! last. Never in the place of another notice. UI thread; the composer must outlive it.
class CacheNotice final : public QObject
{
    Q_OBJECT
public:
    CacheNotice(Composer &composer, ConversationFeed::Names names, QObject *parent = nullptr);

    void setLoss(core::TellCacheLoss loss); //!< Until then nothing is said.
    void show(const std::optional<core::WarmPrompt> &prompt, const core::Target &next);

private:
    [[nodiscard]] QString textOf(const core::CacheLoss &loss) const;
    void say(const QString &sentence);

    Composer &m_composer;
    ConversationFeed::Names m_names;
    core::TellCacheLoss m_loss;
    QString m_said;  //!< Empty: nothing.
    QTimer m_isWarm; //!< Beyond it nothing is lost any more.
};

} // namespace ui
