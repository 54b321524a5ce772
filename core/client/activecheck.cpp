#include "core/client/activecheck.h"

namespace core {

namespace {

using namespace std::chrono_literals;

constexpr auto Interval = 5min;

} // namespace

ActiveCheck::ActiveCheck(const AccountSetup &accounts, ModelLists &lists, Clock &clock,
                         QObject *parent)
    : QObject(parent)
    , m_accounts(accounts)
    , m_lists(lists)
    , m_clock(clock)
    , m_alarm(clock)
{
}

void ActiveCheck::setEnabled(bool on)
{
    m_isEnabled = on;
    check();
}

void ActiveCheck::setVisible(bool visible)
{
    m_isVisible = visible;
    check();
}

void ActiveCheck::check()
{
    m_alarm.clear();
    if (!m_isEnabled || !m_isVisible)
        return;
    std::chrono::milliseconds next = Interval;
    for (const ProviderInfo &provider : m_accounts.providers()) {
        if (provider.simulated || m_accounts.accountOf(provider.id).baseUrl.isEmpty() ||
            m_accounts.state(provider.id) != AccountState::Ready)
            continue;
        const auto last = m_lists.lastAsked(provider.id);
        const auto since = last ? m_clock.steadyNow() - *last : SteadyTime::duration(Interval);
        if (since >= Interval)
            static_cast<void>(m_lists.list(provider.id));
        else
            next = std::min(next, std::chrono::ceil<std::chrono::milliseconds>(Interval - since));
    }
    m_alarm.set(next, [this] { check(); });
}

} // namespace core
