#include "core/practice/practiceprovider.h"

#include "core/practice/practiceservice.h"
#include "core/practice/practicewire.h"

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

enum class UsageOption { Yes, No };

//! A protocol as a row of the registry.
struct ProtocolRow
{
    const char *id;
    const char *name;     //!< For people, untranslated.
    const char *formName; //!< As in ProviderInfo.
    const char *protocol;
    const char *root;
    const char *version; //!< Of the path, where the service's own SDK has it in the base URL.
    const char *authHeader;
    UsageOption usageOption;
};

constexpr ProtocolRow Protocols[] = {
    {"practice", QT_TRANSLATE_NOOP("core::PracticeProvider", "Practice provider"),
     "Chat Completions", "openai-chat", practiceRoots::OpenAi, "/v1", "authorization",
     UsageOption::Yes},
    {"practice-openai",
     QT_TRANSLATE_NOOP("core::PracticeProvider", "Practice provider (OpenAI Responses protocol)"),
     "Responses", "openai-responses", practiceRoots::OpenAi, "/v1", "authorization",
     UsageOption::No},
    {"practice-anthropic",
     QT_TRANSLATE_NOOP("core::PracticeProvider", "Practice provider (Anthropic protocol)"), "",
     "anthropic", practiceRoots::Anthropic, "", "x-api-key", UsageOption::No},
    {"practice-google",
     QT_TRANSLATE_NOOP("core::PracticeProvider", "Practice provider (Gemini protocol)"), "",
     "gemini", practiceRoots::Google, "", "x-goog-api-key", UsageOption::No},
    {"practice-cohere",
     QT_TRANSLATE_NOOP("core::PracticeProvider", "Practice provider (Cohere protocol)"), "",
     "cohere", practiceRoots::Cohere, "", "authorization", UsageOption::No},
    {"practice-azure",
     QT_TRANSLATE_NOOP("core::PracticeProvider", "Practice provider (Azure OpenAI protocol)"), "",
     "azure", practiceRoots::Azure, "", "api-key", UsageOption::Yes},
    {"practice-bedrock",
     QT_TRANSLATE_NOOP("core::PracticeProvider", "Practice provider (Bedrock protocol)"), "",
     "bedrock", practiceRoots::Bedrock, "", "authorization", UsageOption::No},
};

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
    return makeError(ErrorKind::ConnectionFailed,
                     QStringLiteral("the system gave no loopback port to the practice provider"),
                     PracticeProviderId);
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

QList<ProviderInfo> PracticeProvider::rows()
{
    return rowsAt({});
}

QList<ProviderInfo> PracticeProvider::providers() const
{
    return rowsAt(m_url);
}

QList<ProviderInfo> PracticeProvider::rowsAt(const QUrl &server)
{
    QList<ProviderInfo> rows;
    for (const ProtocolRow &protocol : Protocols) {
        ProviderInfo row;
        row.id = QLatin1StringView(protocol.id);
        row.name = tr(protocol.name);
        row.formName = QLatin1StringView(protocol.formName);
        row.protocol = QLatin1StringView(protocol.protocol);
        row.authHeader = protocol.authHeader;
        row.priceProvider = PracticeProviderId;
        row.simulated = true;
        row.images = true;
        row.structuredOutput = true;
        row.streamUsageOption = protocol.usageOption == UsageOption::Yes;
        if (row.id != PracticeProviderId)
            row.accountOf = PracticeProviderId;
        if (!server.isEmpty()) {
            row.baseUrl = server;
            row.baseUrl.setPath(QLatin1StringView(protocol.root) +
                                QLatin1StringView(protocol.version));
        }
        rows.append(row);
    }
    return rows;
}

} // namespace core
