#pragma once

#include "core/providers/provideradapter.h"

#include <QJsonObject>

namespace core {

//! A list of models as the StateStore keeps it.
[[nodiscard]] QJsonObject stateFrom(const QList<ModelInfo> &models);
//! Takes what is right in \p state, within the caps below.
[[nodiscard]] QList<ModelInfo> modelsFrom(const QJsonObject &state);

//! Longest id and name of a model, in UTF-16 units; most models of a list. What goes beyond is
//! broken or hostile.
inline constexpr qsizetype LongestModelName = 200;
inline constexpr qsizetype MostModels = 5'000;

} // namespace core
