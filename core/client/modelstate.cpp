#include "core/client/modelstate.h"

#include <QJsonArray>

namespace core {

using namespace Qt::StringLiterals;

namespace {

void put(QJsonObject &row, QLatin1StringView name, const QString &text)
{
    if (!text.isEmpty())
        row.insert(name, text);
}

template <typename T>
void put(QJsonObject &row, QLatin1StringView name, const std::optional<T> &value)
{
    if (value)
        row.insert(name, *value);
}

QString text(const QJsonValue &value)
{
    const QString found = value.toString();
    return found.size() <= LongestModelName ? found : QString();
}

std::optional<qint64> count(const QJsonValue &value)
{
    return value.isDouble() && value.toInteger() > 0 ? std::optional(value.toInteger())
                                                     : std::nullopt;
}

std::optional<bool> flag(const QJsonValue &value)
{
    return value.isBool() ? std::optional(value.toBool()) : std::nullopt;
}

} // namespace

QJsonObject stateFrom(const QList<ModelInfo> &models)
{
    QJsonArray rows;
    for (const ModelInfo &model : models) {
        QJsonObject row{{"id"_L1, model.id}};
        put(row, "name"_L1, model.name);
        put(row, "behind"_L1, model.behind);
        put(row, "context"_L1, model.contextWindow);
        put(row, "max_output"_L1, model.maxOutput);
        put(row, "images"_L1, model.images);
        put(row, "documents"_L1, model.documents);
        put(row, "tools"_L1, model.tools);
        put(row, "reasoning"_L1, model.reasoning);
        rows.append(row);
    }
    return {{"models"_L1, rows}};
}

QList<ModelInfo> modelsFrom(const QJsonObject &state)
{
    QList<ModelInfo> models;
    for (const QJsonValue &row : state.value("models"_L1).toArray()) {
        ModelInfo model;
        model.id = text(row["id"_L1]);
        if (model.id.isEmpty() || models.size() == MostModels)
            continue;
        model.name = text(row["name"_L1]);
        model.behind = text(row["behind"_L1]);
        model.contextWindow = count(row["context"_L1]);
        model.maxOutput = count(row["max_output"_L1]);
        model.images = flag(row["images"_L1]);
        model.documents = flag(row["documents"_L1]);
        model.tools = flag(row["tools"_L1]);
        model.reasoning = flag(row["reasoning"_L1]);
        models.append(model);
    }
    return models;
}

} // namespace core
