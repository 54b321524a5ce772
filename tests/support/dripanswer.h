#pragma once

#include "tests/support/scriptedserver.h"

namespace tests {

//! An openai-chat stream of numbered words ("w0 w1 w2 ...") at a steady pace, whole with usage (9 in, one out a
//! word): for tests that watch, stop or end a client in mid-stream.
[[nodiscard]] Answer dripAnswer(std::chrono::milliseconds pace, int words);

} // namespace tests
