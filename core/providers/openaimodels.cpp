#include "core/providers/openaimodels.h"

#include "core/providers/json.h"
#include "core/providers/wirerequest.h"

namespace core {

namespace {

std::optional<qint64> positive(const std::optional<JsonElement> &object, std::string_view name)
{
    const auto count = object ? countMember(*object, name) : std::nullopt;
    return count && *count > 0 ? count : std::nullopt;
}

//! The first member of \p names that holds a positive count.
std::optional<qint64> firstCount(const JsonElement &entry,
                                 std::initializer_list<std::string_view> names)
{
    for (const std::string_view name : names) {
        if (const auto count = positive(entry, name))
            return count;
    }
    return std::nullopt;
}

std::optional<bool> flag(const std::optional<JsonElement> &object, std::string_view name)
{
    const auto value = object ? member(*object, name) : std::nullopt;
    bool on = false;
    return value && value->get(on) == simdjson::SUCCESS ? std::optional(on) : std::nullopt;
}

//! The texts of a list; nothing if it is none.
std::optional<QStringList> words(const std::optional<JsonElement> &object, std::string_view name)
{
    const auto value = object ? member(*object, name) : std::nullopt;
    simdjson::dom::array list;
    if (!value || value->get(list) != simdjson::SUCCESS)
        return std::nullopt;
    QStringList texts;
    for (const JsonElement entry : list)
        texts.append(anyText(entry));
    return texts;
}

std::optional<bool> has(const std::optional<QStringList> &list, const char *word)
{
    return list ? std::optional(list->contains(QLatin1StringView(word))) : std::nullopt;
}

ModelInfo modelFrom(const JsonElement &entry)
{
    const auto capabilities = member(entry, "capabilities"); // Mistral
    const auto architecture = member(entry, "architecture"); // OpenRouter
    const auto provider = member(entry, "top_provider");     // OpenRouter
    const auto parameters = words(entry, "supported_parameters");
    ModelInfo model;
    model.id = textMember(entry, "id").value_or(QString());
    model.name = textMember(entry, "name").value_or(QString());
    model.contextWindow = firstCount(
        entry, {"context_length", "max_model_len", "context_window", "max_context_length"});
    if (!model.contextWindow)
        model.contextWindow = positive(member(entry, "meta"), "n_ctx_train"); // llama.cpp
    model.maxOutput = positive(provider, "max_completion_tokens");
    if (!model.maxOutput)
        model.maxOutput = firstCount(entry, {"max_completion_tokens", "max_output_tokens"});
    auto inputs = words(architecture, "input_modalities");
    if (!inputs)
        inputs = words(entry, "input_modalities");
    model.images = inputs ? has(inputs, "image") : flag(capabilities, "vision");
    model.documents = has(inputs, "file");
    model.tools = parameters ? has(parameters, "tools") : flag(capabilities, "function_calling");
    model.reasoning = parameters ? has(parameters, "reasoning") : flag(capabilities, "reasoning");
    const auto outputs = words(architecture, "output_modalities");
    if (!has(outputs, "text").value_or(true) ||
        !flag(capabilities, "completion_chat").value_or(true))
        model.use = ModelUse::Other;
    return model;
}

bool hasNull(const JsonElement &object, std::string_view name)
{
    const auto value = object.at_key(name);
    return value.error() == simdjson::SUCCESS && value.is_null();
}

} // namespace

Result<ModelPage> openAiModels(const QByteArray &body)
{
    JsonReader reader;
    const auto json = reader.parse(QByteArrayView(body).trimmed());
    // Most wrap the list in "data"; some send the bare list.
    const auto data = json && json->is_object() ? member(*json, "data") : json;
    if (json && json->is_object() && !data && hasNull(*json, "data"))
        return ModelPage(); // a server with no model loaded
    simdjson::dom::array list;
    if (!data || data->get(list) != simdjson::SUCCESS)
        return notAModelList();
    ModelPage page;
    for (const JsonElement entry : list) {
        const ModelInfo model = modelFrom(entry);
        if (!model.id.isEmpty())
            page.models.append(model);
    }
    return page;
}

} // namespace core
