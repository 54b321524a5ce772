#include "wirebench.h"

#include "core/providers/builtinproviders.h"

#include <QTest>

namespace tests {

using namespace Qt::StringLiterals;

namespace {

core::ProviderRegistry builtInRegistry()
{
    auto registry = core::ProviderRegistry::fromJson(core::builtInProviders());
    if (!registry)
        qFatal("%s", qPrintable(registry.error().detail));
    return std::move(registry).value();
}

} // namespace

WireBench::WireBench()
    : registry(builtInRegistry())
{
    if (const auto started = practice.start(); !started)
        qFatal("%s", qPrintable(started.error().detail));
    practice.controls().setSpeed(0);
    for (const core::ProviderInfo &info : practice.providers())
        registry.add(info);
    key = practice.token();
}

void WireBench::eachProtocol()
{
    QTest::addColumn<QString>("provider");
    QTest::newRow("openai-chat") << u"practice"_s;
    QTest::newRow("openai-responses") << u"practice-openai"_s;
    QTest::newRow("anthropic") << u"practice-anthropic"_s;
    QTest::newRow("gemini") << u"practice-google"_s;
    QTest::newRow("cohere") << u"practice-cohere"_s;
    QTest::newRow("azure") << u"practice-azure"_s;
    QTest::newRow("bedrock") << u"practice-bedrock"_s;
}

const core::ProviderInfo &WireBench::row(const QString &id) const
{
    const core::ProviderInfo *info = registry.provider(id);
    if (!info)
        qFatal("no row %s", qPrintable(id));
    return *info;
}

const core::ProviderAdapter &WireBench::adapter(const QString &id) const
{
    return *registry.adapter(row(id).protocol);
}

std::chrono::sys_seconds WireBench::now() const
{
    return std::chrono::floor<std::chrono::seconds>(clock.utcNow());
}

core::HttpRequest WireBench::request(const QString &provider, const QString &model,
                                     const core::ChatRequest &chat) const
{
    const core::Endpoint endpoint{row(provider), row(provider).baseUrl, model};
    const auto wire = adapter(provider).buildRequest(chat, endpoint, {key}, now());
    if (!wire)
        qFatal("%s", qPrintable(wire.error().detail));
    return wire->http;
}

core::HttpRequest WireBench::request(const QString &provider, const QString &model,
                                     const core::ChatOptions &options) const
{
    core::ChatRequest chat;
    chat.messages = {{core::Role::User, {core::TextPart{Question}}}};
    chat.options = options;
    return request(provider, model, chat);
}

Received WireBench::send(const QString &provider, const core::HttpRequest &request,
                         core::HttpDeadlines deadlines)
{
    WireCall call(transport, adapter(provider), request, deadlines);
    return call.end();
}

Received WireBench::ask(const QString &provider, const QString &model,
                        const core::ChatOptions &options)
{
    return send(provider, request(provider, model, options));
}

core::HttpRequest WireBench::plain(const QString &provider, const QByteArray &method,
                                   const QString &path, const QByteArray &body) const
{
    core::HttpRequest made = request(provider, u"practice-fast"_s);
    QUrl url = row(provider).baseUrl;
    url.setPath(url.path().section(u'/', 0, 1) + path.section(u'?', 0, 0));
    url.setQuery(path.section(u'?', 1));
    made.method = method;
    made.url = url;
    made.body = body;
    return made;
}

void WireBench::fail(core::PracticeFault fault)
{
    practice.controls().setFault({}, {fault, {}, std::chrono::seconds(7), FirstTokenCount});
}

} // namespace tests
