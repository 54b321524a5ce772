#pragma once

#include "core/pricing/ratecard.h"

#include <QStringList>

namespace core {

//! Which of the rules that published prices keep \p card of \p model breaks, whoever sells it, for
//! people. A broken rule is a reason to look, not proof of a mistake. Unknown rates break none.
[[nodiscard]] QStringList priceDoubts(const QString &model, const RateCard &card);

} // namespace core
