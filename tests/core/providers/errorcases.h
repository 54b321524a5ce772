#pragma once

#include "core/base/error.h"

#include <span>

namespace tests {

//! A body with an error status, and what it is.
struct ErrorCase
{
    const char *name;
    const char *protocol;
    int status;
    const char *body;
    core::ErrorKind kind;
};

//! Every row of the error tables of the wire pages, and what else those pages say of errors.
[[nodiscard]] std::span<const ErrorCase> errorCases();

} // namespace tests
