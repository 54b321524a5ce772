#include "core/client/tokencalibration.h"

#include <QJsonArray>

#include <algorithm>

namespace core {

namespace {

const QString Models = QStringLiteral("models");
const QString Name = QStringLiteral("model");
const QString Ratios = QStringLiteral("ratios");

StateKey keyOf(const QString &provider)
{
    return {QStringLiteral("calibration"), provider, 0, {}};
}

//! False for NaN, too.
bool isSensible(double ratio)
{
    return ratio >= TokenCalibration::LeastRatio && ratio <= TokenCalibration::MostRatio;
}

template <typename T>
void keepLast(QList<T> &list, qsizetype most)
{
    if (list.size() > most)
        list.remove(0, list.size() - most);
}

} // namespace

QList<TokenCalibration::Model> TokenCalibration::modelsIn(const std::optional<SavedState> &saved)
{
    QList<Model> models;
    const QJsonArray array = saved ? saved->value.value(Models).toArray() : QJsonArray();
    for (const QJsonValue &one : array) {
        Model model{one[Name].toString(), {}};
        for (const QJsonValue &ratio : one[Ratios].toArray()) {
            if (isSensible(ratio.toDouble()))
                model.ratios.append(ratio.toDouble());
        }
        keepLast(model.ratios, MostRatios);
        if (!model.name.isEmpty() && !model.ratios.isEmpty())
            models.append(model);
    }
    keepLast(models, MostModels);
    return models;
}

QJsonObject TokenCalibration::noted(QList<Model> models, const QString &model, double ratio)
{
    Model noted{model, {}};
    for (auto it = models.begin(); it != models.end(); ++it) {
        if (it->name == model) {
            noted = *it;
            models.erase(it);
            break;
        }
    }
    noted.ratios.append(ratio);
    keepLast(noted.ratios, MostRatios);
    models.append(noted);
    keepLast(models, MostModels);
    QJsonArray array;
    for (const Model &one : std::as_const(models)) {
        QJsonArray ratios;
        for (const double each : one.ratios)
            ratios.append(each);
        array.append(QJsonObject{{Name, one.name}, {Ratios, ratios}});
    }
    return {{Models, array}};
}

void TokenCalibration::note(const QString &provider, const QString &model, std::int64_t estimate,
                            std::int64_t actual)
{
    if (provider.isEmpty() || model.isEmpty() || estimate < LeastTokens)
        return;
    const double ratio = static_cast<double>(actual) / static_cast<double>(estimate);
    if (!isSensible(ratio))
        return;
    // A verb may learn while the window does: neither takes away what the other has learnt.
    m_states.update(keyOf(provider), [model, ratio](const std::optional<SavedState> &saved) {
        return noted(modelsIn(saved), model, ratio);
    });
}

std::optional<TokenCalibration::Spread> TokenCalibration::spread(const QString &provider,
                                                                 const QString &model) const
{
    const QList<Model> models = modelsIn(m_states.state(keyOf(provider)));
    for (const Model &one : models) {
        if (one.name != model || one.ratios.size() < FewestRatios)
            continue;
        QList<double> sorted = one.ratios;
        std::sort(sorted.begin(), sorted.end());
        const qsizetype middle = sorted.size() / 2;
        const double median = sorted.size() % 2 == 1
                                  ? sorted.at(middle)
                                  : (sorted.at(middle - 1) + sorted.at(middle)) / 2;
        return Spread{sorted.constFirst(), median, sorted.constLast()};
    }
    return std::nullopt;
}

} // namespace core
