#pragma once

#include "tests/support/threadtime.h"

#include <QCoreApplication>
#include <QPlainTextEdit>
#include <QTest>

#include <algorithm>
#include <vector>

namespace tests {

inline constexpr int KeysTyped = 30;

//! The median of what \p work takes, in milliseconds of this thread's CPU.
template <typename Work>
double usualWork(Work work, int times = 7)
{
    std::vector<double> all;
    for (int i = 0; i < times; ++i) {
        const double before = threadMilliseconds();
        work();
        all.push_back(threadMilliseconds() - before);
    }
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::nth_element(all.begin(), middle, all.end());
    return *middle;
}

//! What a key usually takes with all that follows it in this thread.
inline double usualKey(QPlainTextEdit &edit)
{
    return usualWork(
        [&edit] {
            QTest::keyClick(&edit, Qt::Key_X);
            QCoreApplication::processEvents();
            QTest::qWait(5);
        },
        KeysTyped);
}

} // namespace tests
