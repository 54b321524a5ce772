#include "ui/settings/networkpage.h"

#include "core/base/whenready.h"
#include "ui/settings/durations.h"
#include "ui/settings/settingfield.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/segmentedcontrol.h"

#include <QVBoxLayout>

namespace ui {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
namespace keys = core::settings;

enum ProxyChoice { AsTheSystem, NoProxy };

} // namespace

NetworkPage::NetworkPage(const ThemeSource &theme, core::Settings &settings, NetworkFacts facts,
                         QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_settings(settings)
    , m_facts(std::move(facts))
    , m_column(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("networkPage"));
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(3 * Theme::Step);
    m_column->addWidget(new PlainLabel(theme, TextRole::Heading, tr("Network"), this));
    addProxy();
    addHead(tr("Give up"));
    addDuration(keys::ConnectTimeout, tr("Connecting after"), {}, 1s, 10min);
    addDuration(keys::FirstByteTimeout, tr("Without a first byte after"), {}, 1s, 1h);
    addDuration(keys::SlowFirstByteTimeout, tr("The same, of slow models"),
                tr("Of models that reason and of local ones: they may think for minutes before "
                   "they say a word."),
                1s, 1h);
    addDuration(keys::IdleTimeout, tr("Between two bytes after"), {}, 1s, 1h);
    addDuration(keys::TotalTimeout, tr("On the whole answer after"), {}, 10s, 24h);
    addHead(tr("Ask again"));
    addNumber(keys::RetriesPerTarget, tr("Retries of one model"),
              tr("0: a failure is told at once. Never after a word was shown."), 0, 10);
    addNumber(keys::AttemptsPerRequest, tr("Attempts in all"),
              tr("Over all models of a route, the first one included."), 1, 20);
    addNumber(keys::TargetsPerRequest, tr("Models in all"),
              tr("Of a route, the first one included."), 1, 10);
    addDuration(keys::RetryBaseDelay, tr("First wait, up to"),
                tr("Each further wait may be twice as long. A wait that the server asks for is "
                   "kept."),
                10ms, 1min);
    addDuration(keys::RetryLongestDelay, tr("Longest wait"), {}, 100ms, 10min);
    addNumber(keys::RetryJitterPercent, tr("Chance in a wait, percent"),
              tr("So much of it is drawn by lot, so that those who failed together do not come "
                 "back together. 0: none."),
              0, 100);
    addDuration(keys::LongestQuietWait, tr("Wait for the same model, up to"),
                tr("A service that asks for more is left for the next model of the route."), 1s,
                10min);
    addDuration(keys::LongestWait, tr("Waits of a request, in all"),
                tr("A service that asks for more is not asked again by itself."), 1s, 1h);
    m_column->addStretch(1);
}

void NetworkPage::addHead(const QString &text)
{
    m_column->addSpacing(Theme::Step);
    m_column->addWidget(new PlainLabel(m_theme, TextRole::Section, text, this));
}

template <typename T>
void NetworkPage::set(const core::Setting<T> &setting, const T &value)
{
    if (const auto written = m_settings.setValue(setting, value); !written)
        Q_EMIT failed(written.error().detail);
}

void NetworkPage::addProxy()
{
    m_column->addWidget(new PlainLabel(m_theme, TextRole::Section, tr("Proxy"), this));
    m_proxy = new SegmentedControl(m_theme, {tr("As the system says"), tr("None")}, this);
    m_proxy->setObjectName(QStringLiteral("proxyChoice"));
    m_proxy->setAccessibleName(tr("Proxy"));
    m_proxyInForce = new PlainLabel(m_theme, TextRole::Small, {}, this);
    m_proxyInForce->setObjectName(QStringLiteral("proxyInForce"));
    m_column->addWidget(m_proxy, 0, Qt::AlignLeft);
    m_column->addWidget(m_proxyInForce);
    m_proxyLogin = new ProxyLoginField(m_theme, m_settings, m_facts.login, this);
    m_column->addWidget(m_proxyLogin);
    connect(m_proxyLogin, &ProxyLoginField::failed, this, &NetworkPage::failed);
    connect(m_proxy, &SegmentedControl::chosen, this,
            [this](int choice) { set(keys::UseSystemProxy, choice == AsTheSystem); });
    connect(&m_settings, &core::Settings::changed, this, [this](const QString &key) {
        if (key == keys::UseSystemProxy.name())
            refreshProxy();
    });
    refreshProxy();
}

void NetworkPage::refreshProxy()
{
    const bool system = m_settings.value(keys::UseSystemProxy);
    m_proxy->setCurrent(system ? AsTheSystem : NoProxy);
    if (!system || !m_facts.systemProxy)
        m_proxyLogin->show({});
    if (!system)
        return m_proxyInForce->setText(tr("Services are asked directly."));
    m_proxyInForce->setText(QString());
    if (!m_facts.systemProxy)
        return;
    core::whenReady(this, m_facts.systemProxy(), [this](const QString &proxy) {
        if (!m_settings.value(keys::UseSystemProxy))
            return;
        m_proxyLogin->show(proxy);
        m_proxyInForce->setText(proxy.isEmpty()
                                    ? tr("The system names none: services are asked directly.")
                                    : tr("In force: %1").arg(shownName(proxy)));
    });
}

void NetworkPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refreshProxy();
}

void NetworkPage::addDuration(const core::Setting<int> &setting, const QString &name,
                              const QString &note, milliseconds least, milliseconds most)
{
    const QString usual = tr("Usual: %1.").arg(exactDurationText(milliseconds(setting.standard)));
    auto *field = new SettingField(m_theme, setting.name(), name,
                                   note.isEmpty() ? usual : usual + QLatin1Char(' ') + note, this);
    const auto shown = [this, setting] {
        return exactDurationText(milliseconds(m_settings.value(setting)));
    };
    field->setValue(shown());
    connect(
        field, &SettingField::entered, this,
        [this, field, setting, least, most, shown](const QString &text) {
            const auto typed = text.isEmpty() ? milliseconds(setting.standard) : durationFrom(text);
            if (!typed || *typed < least || *typed > most)
                return field->refuse(tr("A time from %1 to %2, as \"10 s\" or \"2 min\".")
                                         .arg(exactDurationText(least), exactDurationText(most)));
            set(setting, static_cast<int>(typed->count()));
            field->saved(shown());
        });
    connect(&m_settings, &core::Settings::changed, field,
            [field, setting, shown](const QString &key) {
                if (key == setting.name())
                    field->setValue(shown());
            });
    m_column->addWidget(field);
}

void NetworkPage::addNumber(const core::Setting<int> &setting, const QString &name,
                            const QString &note, int least, int most)
{
    auto *field =
        new SettingField(m_theme, setting.name(), name,
                         tr("Usual: %1.").arg(setting.standard) + QLatin1Char(' ') + note, this);
    const auto shown = [this, setting] { return QString::number(m_settings.value(setting)); };
    field->setValue(shown());
    connect(field, &SettingField::entered, this,
            [this, field, setting, least, most, shown](const QString &text) {
                bool isNumber = false;
                const int typed = text.isEmpty() ? setting.standard : text.toInt(&isNumber);
                if ((!isNumber && !text.isEmpty()) || typed < least || typed > most)
                    return field->refuse(tr("A whole number from %1 to %2.").arg(least).arg(most));
                set(setting, typed);
                field->saved(shown());
            });
    connect(&m_settings, &core::Settings::changed, field,
            [field, setting, shown](const QString &key) {
                if (key == setting.name())
                    field->setValue(shown());
            });
    m_column->addWidget(field);
}

} // namespace ui
