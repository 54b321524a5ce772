#pragma once

#include "core/base/error.h"

#include <utility>
#include <variant>

namespace core {

//! A value or the Error that kept it from being: the return type of everything that can fail.
//! Test it before value(); error() only if the test said no.
template <typename T>
class [[nodiscard]] Result
{
public:
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {
    }

    [[nodiscard]] bool hasValue() const { return m_state.index() == 0; }
    [[nodiscard]] explicit operator bool() const { return hasValue(); }

    [[nodiscard]] const T &value() const & { return std::get<0>(m_state); }
    [[nodiscard]] T &value() & { return std::get<0>(m_state); }
    [[nodiscard]] T &&value() && { return std::get<0>(std::move(m_state)); }
    [[nodiscard]] const T &operator*() const & { return value(); }
    [[nodiscard]] T &operator*() & { return value(); }
    [[nodiscard]] const T *operator->() const { return &value(); }
    [[nodiscard]] T *operator->() { return &value(); }

    [[nodiscard]] const Error &error() const { return std::get<1>(m_state); }

    bool operator==(const Result &) const = default;

private:
    std::variant<T, Error> m_state;
};

//! Success that carries nothing.
struct Done
{
    bool operator==(const Done &) const = default;
};

} // namespace core
