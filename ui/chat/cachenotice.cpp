#include "ui/chat/cachenotice.h"

#include "ui/transcript/composer.h"
#include "ui/widgets/figures.h"

#include <utility>

namespace ui {

CacheNotice::CacheNotice(Composer &composer, ConversationFeed::Names names, QObject *parent)
    : QObject(parent)
    , m_composer(composer)
    , m_names(std::move(names))
{
    m_isWarm.setSingleShot(true);
    connect(&m_isWarm, &QTimer::timeout, this, [this] { say({}); });
}

void CacheNotice::setLoss(core::TellCacheLoss loss)
{
    m_loss = std::move(loss);
}

void CacheNotice::show(const std::optional<core::WarmPrompt> &prompt, const core::Target &next)
{
    const auto loss = prompt && m_loss ? m_loss(*prompt, next) : std::nullopt;
    say(loss ? textOf(*loss) : QString());
    if (loss)
        m_isWarm.start(prompt->left);
    else
        m_isWarm.stop();
}

void CacheNotice::say(const QString &sentence)
{
    const QString shown = m_composer.noticeText();
    const bool isOurs = !m_said.isEmpty() && shown == m_said;
    if (sentence.isEmpty()) {
        m_said.clear();
        if (isOurs)
            m_composer.hideNotice();
        return;
    }
    if (sentence == m_said || (!shown.isEmpty() && !isOurs))
        return; // it was read, or somebody asks something
    m_said = sentence;
    m_composer.showNotice(Tone::Neutral, sentence);
}

QString CacheNotice::textOf(const core::CacheLoss &loss) const
{
    const QString tokens = shortCountText(loss.prompt.tokens);
    const QString model = m_names.model(loss.prompt.target);
    return loss.more
               ? tr("%1 cached tokens of %2 will be sent again at full price, about %3 more.")
                     .arg(tokens, model, moneyText(*loss.more, Decimals::Figures))
               : tr("%1 cached tokens of %2 will be sent again at full price.").arg(tokens, model);
}

} // namespace ui
