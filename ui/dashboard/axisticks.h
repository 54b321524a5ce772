#pragma once

#include "core/stats/spendrange.h"

namespace ui {

//! Round ticks from 0 that hold a largest value: 1, 2, 2.5 or 5 times a power of ten apart.
struct AxisTicks
{
    double step = 1;
    int count = 1; //!< Steps above 0.
    [[nodiscard]] double end() const { return step * count; }
};

//! The fewest ticks up to \p wanted steps that reach \p largest; \p largest > 0, else 0 to 1.
[[nodiscard]] AxisTicks ticksFor(double largest, int wanted = 4);

//! Every how many of \p steps a label stands so that at most \p room do. Days keep to 1, 2, 4, 7
//! and 14, quarter hours to halves and wholes of hours.
[[nodiscard]] int labelInterval(int steps, int room, core::StepLength length);

//! How many steps an axis holds for \p steps: a few quarter hours more where there are few, or a
//! young session's bar is a wall. No day is added: it would be one that has not come.
[[nodiscard]] int stepsWithRoom(int steps, core::StepLength length);

} // namespace ui
