#include "ui/dashboard/axisticks.h"

#include <algorithm>
#include <cmath>

namespace ui {

AxisTicks ticksFor(double largest, int wanted)
{
    if (!(largest > 0) || !std::isfinite(largest) || wanted < 1)
        return {};
    const double rough = largest / wanted;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    double step = power * 10;
    for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
        if (factor * power >= rough * (1 - 1e-9)) {
            step = factor * power;
            break;
        }
    }
    const int count = static_cast<int>(std::ceil(largest / step - 1e-9));
    return {step, std::max(count, 1)};
}

int labelInterval(int steps, int room, core::StepLength length)
{
    const QList<int> intervals = length == core::StepLength::Day
                                     ? QList<int>{1, 2, 4, 7, 14}
                                     : QList<int>{1, 2, 4, 8, 12, 16, 24, 48};
    for (const int interval : intervals) {
        if ((steps + interval - 1) / interval <= std::max(room, 1))
            return interval;
    }
    return std::max(intervals.last(), (steps + room - 1) / std::max(room, 1));
}

int stepsWithRoom(int steps, core::StepLength length)
{
    constexpr int FewestQuarters = 8;
    return length == core::StepLength::Day ? steps : std::max(steps, FewestQuarters);
}

} // namespace ui
