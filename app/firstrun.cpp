#include "app/firstrun.h"

#include "core/base/whenready.h"
#include "core/net/urlpolicy.h"

#include <QTimer>

namespace app {

FirstRun::FirstRun(Engine &engine, ui::Welcome &welcome)
    : QObject(&welcome)
    , m_engine(engine)
    , m_welcome(welcome)
{
    connect(&welcome, &ui::Welcome::lookAgainRequested, this, &FirstRun::look);
}

void FirstRun::refresh()
{
    const bool shown =
        !m_engine.isDemo() &&
        (m_isWanted || m_engine.settings().value(core::settings::LastTarget).isEmpty());
    m_welcome.setFirstRun(shown);
    if (shown && !m_shown) {
        m_welcome.setLooking();
        // The first request loads TLS: the window shows before.
        QTimer::singleShot(0, this, &FirstRun::look);
    }
    m_shown = shown;
}

void FirstRun::setWanted(bool wanted)
{
    m_isWanted = wanted;
    refresh();
}

void FirstRun::look()
{
    m_welcome.setLooking();
    struct Search
    {
        int open = 0;
        QList<ui::LocalServer> found;
    };
    const auto search = std::make_shared<Search>();
    for (const core::ProviderInfo &provider : m_engine.providers().providers()) {
        // Nobody was asked yet: it looks on this machine only, wherever an address was changed to.
        if (!provider.local ||
            !core::isLoopback(m_engine.accounts().accountOf(provider.id).baseUrl))
            continue;
        ++search->open;
        core::whenReady(
            this, m_engine.modelLists().list(provider.id),
            [this, search, provider](const core::Result<QList<core::ModelInfo>> &models) {
                --search->open;
                // A server without a model cannot answer yet.
                if (models && !models->isEmpty()) {
                    search->found.append(
                        {provider.id, provider.name,
                         m_engine.accounts().accountOf(provider.id).baseUrl.authority(),
                         static_cast<int>(models->size())});
                }
                // The first one is offered: what never answers at another port holds nothing up.
                const bool isFirst = models && !models->isEmpty() && search->found.size() == 1;
                if (isFirst || (search->open == 0 && search->found.isEmpty()))
                    m_welcome.setLocalServers(search->found);
            });
    }
    if (search->open == 0)
        m_welcome.setLocalServers({});
}

} // namespace app
