#pragma once

namespace tests {

//! Whether AddressSanitizer watches this program: it keeps freed memory for a while and takes time
//! of its own, so that figures of either say nothing.
#if defined(__SANITIZE_ADDRESS__) // GCC
constexpr bool IsSanitized = true;
#elif defined(__has_feature) // clang
constexpr bool IsSanitized = __has_feature(address_sanitizer);
#else
constexpr bool IsSanitized = false;
#endif

} // namespace tests
