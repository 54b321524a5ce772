#include "core/practice/practicemodel.h"

namespace core {

QList<PracticeModel> practiceModels()
{
    using namespace std::chrono_literals;
    return {
        {QStringLiteral("practice-fast"), QStringLiteral("Practice Fast"), 160, 120ms, false},
        {QStringLiteral("practice-steady"), QStringLiteral("Practice Steady"), 45, 400ms, false},
        {QStringLiteral("practice-thinker"), QStringLiteral("Practice Thinker"), 70, 600ms, true},
    };
}

} // namespace core
