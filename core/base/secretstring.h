#pragma once

#include <QByteArray>
#include <QString>

#include <memory>

namespace core {

//! A key in memory: no stream, debug or comparison operators, shown only by its last four
//! characters, overwritten when the last holder lets go. Each registers with the Redactor, so that
//! it cannot be logged. Copies share one buffer. Thread-safe as a value.
class SecretString
{
public:
    SecretString() = default;
    explicit SecretString(const QByteArray &utf8);

    [[nodiscard]] bool isEmpty() const { return !m_bytes; }
    //! The secret itself: for a request header only. Valid as long as this object or a copy lives.
    [[nodiscard]] QByteArrayView reveal() const;
    [[nodiscard]] QString lastFour() const; //!< Empty for secrets shorter than 12 characters.

    //! A copy that owns its bytes, for APIs that take QByteArray. Goes out of scope soon.
    [[nodiscard]] QByteArray revealCopy() const { return reveal().toByteArray(); }

private:
    struct Buffer;
    std::shared_ptr<const Buffer> m_bytes;
};

} // namespace core
