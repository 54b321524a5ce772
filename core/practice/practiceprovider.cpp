#include "core/practice/practiceprovider.h"

#include "core/practice/practiceservice.h"

#include <QThread>

namespace core {

namespace {

SecretString newToken(Random &random)
{
    QByteArray token = "practice-";
    for (int i = 0; i < 4; ++i)
        token += QByteArray::number(quint64(random.bits()), 16).rightJustified(16, '0');
    return SecretString(token);
}

} // namespace

PracticeProvider::PracticeProvider(Clock &clock, Random &random, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_random(random)
{
}

PracticeProvider::~PracticeProvider()
{
    stop();
}

Result<Done> PracticeProvider::start()
{
    if (isRunning())
        return Done{};
    m_token = newToken(m_random);
    m_thread = std::make_unique<QThread>();
    m_thread->setObjectName(QStringLiteral("practice"));
    auto *service = new PracticeService(m_controls, m_clock, m_random, m_token);
    service->moveToThread(m_thread.get());
    // Deleted by its own thread as that ends: sockets belong to the thread that made them.
    connect(m_thread.get(), &QThread::finished, service, &QObject::deleteLater);
    m_thread->start();
    QMetaObject::invokeMethod(
        service, [&] { m_url = service->listen() ? service->url() : QUrl(); },
        Qt::BlockingQueuedConnection);
    if (!m_url.isEmpty())
        return Done{};
    stop();
    Error error;
    error.kind = ErrorKind::ConnectionFailed;
    error.detail = QStringLiteral("the system gave no loopback port to the practice provider");
    error.provider = PracticeProviderId;
    return error;
}

void PracticeProvider::stop()
{
    if (!isRunning())
        return;
    m_thread->quit();
    m_thread->wait();
    m_thread.reset();
    m_url.clear();
    m_token = {};
}

QList<ProviderInfo> PracticeProvider::providers() const
{
    ProviderInfo openAi;
    openAi.id = PracticeProviderId;
    openAi.name = tr("Practice provider");
    openAi.protocol = QStringLiteral("openai-chat");
    openAi.authHeader = "authorization";
    openAi.priceProvider = PracticeProviderId;
    openAi.simulated = true;
    openAi.streamUsageOption = true;
    openAi.images = true;
    ProviderInfo anthropic = openAi;
    anthropic.id = PracticeAnthropicProviderId;
    anthropic.name = tr("Practice provider (Anthropic protocol)");
    anthropic.protocol = QStringLiteral("anthropic");
    anthropic.authHeader = "x-api-key";
    anthropic.accountOf = PracticeProviderId;
    anthropic.streamUsageOption = false;
    if (isRunning()) {
        anthropic.baseUrl = m_url;
        openAi.baseUrl = m_url;
        openAi.baseUrl.setPath(QStringLiteral("/v1"));
    }
    return {openAi, anthropic};
}

} // namespace core
