#include "core/providers/providerregistry.h"

#include "core/net/regionurl.h"
#include "core/net/urlpolicy.h"
#include "core/providers/anthropic.h"
#include "core/providers/azure.h"
#include "core/providers/bedrock.h"
#include "core/providers/builtinproviders.h"
#include "core/providers/cohere.h"
#include "core/providers/gemini.h"
#include "core/providers/openaichat.h"
#include "core/providers/openairesponses.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

#include <algorithm>

// Q_INIT_RESOURCE must stand outside of any namespace.
static void initProvidersResource()
{
    Q_INIT_RESOURCE(providers);
}

namespace core {

using namespace Qt::StringLiterals;

namespace {

Error broken(const QString &row, const QString &what)
{
    return makeError(ErrorKind::Internal,
                     QStringLiteral("providers.json, row %1: %2").arg(row, what));
}

//! Members that a row may have, and what they are.
Result<ProviderInfo> rowFrom(const QJsonObject &json)
{
    ProviderInfo row;
    row.id = json.value("id"_L1).toString();
    const QHash<QString, QString *> texts{{"id"_L1, &row.id},
                                          {"name"_L1, &row.name},
                                          {"protocol"_L1, &row.protocol},
                                          {"key_env"_L1, &row.keyEnv},
                                          {"price_provider"_L1, &row.priceProvider},
                                          {"account_of"_L1, &row.accountOf},
                                          {"form_name"_L1, &row.formName},
                                          {"key_form"_L1, &row.keyForm},
                                          {"key_check_path"_L1, &row.keyCheckPath},
                                          {"base_url_form"_L1, &row.baseUrlForm},
                                          {"region_url"_L1, &row.regionUrl}};
    const QHash<QString, QUrl *> urls{{"base_url"_L1, &row.baseUrl},
                                      {"key_help_url"_L1, &row.keyHelpUrl}};
    const QHash<QString, QByteArray *> names{{"auth_header"_L1, &row.authHeader},
                                             {"max_tokens_member"_L1, &row.maxTokensMember}};
    const QHash<QString, bool *> flags{{"key_required"_L1, &row.keyRequired},
                                       {"key_pair"_L1, &row.keyPair},
                                       {"aws_profiles"_L1, &row.awsProfiles},
                                       {"entra_sign_in"_L1, &row.entraSignIn},
                                       {"local"_L1, &row.local},
                                       {"deployments"_L1, &row.deployments},
                                       {"stream_usage_option"_L1, &row.streamUsageOption},
                                       {"images"_L1, &row.images},
                                       {"documents"_L1, &row.documents},
                                       {"tools"_L1, &row.tools},
                                       {"tool_choice"_L1, &row.toolChoice},
                                       {"reasoning_effort"_L1, &row.reasoningEffort},
                                       {"structured_output"_L1, &row.structuredOutput},
                                       {"cache_marks"_L1, &row.cacheMarks},
                                       {"developer_role"_L1, &row.developerRole}};
    for (auto it = json.constBegin(); it != json.constEnd(); ++it) {
        if (QString *text = texts.value(it.key()); text && it->isString())
            *text = it->toString();
        else if (QUrl *url = urls.value(it.key()); url && it->isString())
            *url = QUrl(it->toString(), QUrl::StrictMode);
        else if (QByteArray *name = names.value(it.key()); name && it->isString())
            *name = it->toString().toLatin1();
        else if (it.key() == "tool_call_id_length"_L1 && it->toInt() > 0)
            row.toolCallIdLength = it->toInt();
        else if (it.key() == "key_env_parts"_L1 && it->isArray())
            row.keyEnvParts = it->toVariant().toStringList();
        else if (it.key() == "hidden_models"_L1 && it->isArray())
            row.hiddenModels = it->toVariant().toStringList();
        else if (it.key() == "sampling_models"_L1 && it->isArray())
            row.samplingModels = it->toVariant().toStringList();
        else if (it.key() == "fixed_sampling_models"_L1 && it->isArray())
            row.fixedSamplingModels = it->toVariant().toStringList();
        else if (it.key() == "unreasoning_models"_L1 && it->isArray())
            row.unreasoningModels = it->toVariant().toStringList();
        else if (it.key() == "prefill_models"_L1 && it->isArray())
            continue; // the registry's own
        else if (bool *flag = flags.value(it.key()); flag && it->isBool())
            *flag = it->toBool();
        else
            return broken(
                row.id,
                QStringLiteral("member '%1' is unknown or of the wrong type").arg(it.key()));
    }
    if (row.id.isEmpty() || row.name.isEmpty() || row.protocol.isEmpty())
        return broken(row.id, QStringLiteral("id, name and protocol are needed"));
    if (!row.baseUrl.isEmpty() && !parseBaseUrl(row.baseUrl.toString()))
        return broken(row.id, QStringLiteral("base_url is refused"));
    if (!row.regionUrl.isEmpty() && !regionUrl(row.regionUrl, QStringLiteral("us-east-1")))
        return broken(row.id, QStringLiteral("region_url is refused"));
    return row;
}

} // namespace

QByteArray builtInProviders()
{
    initProvidersResource();
    QFile file(QStringLiteral(":/farthing/providers.json"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

ProviderRegistry::ProviderRegistry()
{
    // A new protocol is one line here.
    m_adapters.insert(QStringLiteral("openai-chat"), std::make_shared<const OpenAiChatAdapter>());
    m_adapters.insert(QStringLiteral("anthropic"), std::make_shared<const AnthropicAdapter>());
    m_adapters.insert(QStringLiteral("openai-responses"),
                      std::make_shared<const OpenAiResponsesAdapter>());
    m_adapters.insert(QStringLiteral("azure"), std::make_shared<const AzureAdapter>());
    m_adapters.insert(QStringLiteral("bedrock"), std::make_shared<const BedrockAdapter>());
    m_adapters.insert(QStringLiteral("cohere"), std::make_shared<const CohereAdapter>());
    m_adapters.insert(QStringLiteral("gemini"), std::make_shared<const GeminiAdapter>());
}

Result<ProviderRegistry> ProviderRegistry::fromJson(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isArray())
        return broken(QStringLiteral("none"), QStringLiteral("the file is not a JSON list"));
    ProviderRegistry registry;
    QSet<QString> ids;
    for (const QJsonValue &value : document.array()) {
        const Result<ProviderInfo> row = rowFrom(value.toObject());
        if (!row)
            return row.error();
        if (ids.contains(row->id))
            return broken(row->id, QStringLiteral("the id stands twice"));
        if (!registry.adapter(row->protocol))
            return broken(row->id,
                          QStringLiteral("protocol '%1' has no adapter").arg(row->protocol));
        ids.insert(row->id);
        registry.m_providers.append(*row);
        registry.m_prefills.insert(
            row->id, value.toObject().value("prefill_models"_L1).toVariant().toStringList());
    }
    return registry;
}

const ProviderInfo *ProviderRegistry::provider(const QString &id) const
{
    for (const ProviderInfo &row : m_providers) {
        if (row.id == id)
            return &row;
    }
    return nullptr;
}

const ProviderAdapter *ProviderRegistry::adapter(const QString &protocol) const
{
    return m_adapters.value(protocol).get();
}

bool ProviderRegistry::prefills(const QString &provider, const QString &model) const
{
    const QStringList names = m_prefills.value(provider);
    return std::any_of(names.begin(), names.end(),
                       [&model](const QString &name) { return model.contains(name); });
}

QStringList ProviderRegistry::protocols() const
{
    QStringList names = m_adapters.keys();
    names.sort();
    return names;
}

void ProviderRegistry::add(const ProviderInfo &provider)
{
    for (ProviderInfo &row : m_providers) {
        if (row.id == provider.id) {
            row = provider;
            return;
        }
    }
    m_providers.append(provider);
}

} // namespace core
