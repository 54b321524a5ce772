#pragma once

#include <QByteArray>
#include <QString>

#include <mutex>
#include <vector>

namespace core {

//! Takes secrets out of text on its way to a log, an error detail or an export: first the secrets
//! that are alive in this process (plain, percent and base64 forms, in any case, with JSON's
//! escapes, and what a cut has left of them at the text's end), then whatever looks like a key. The
//! one process-wide object: a secret that one part reads must not leave by another. Thread-safe.
class Redactor
{
public:
    [[nodiscard]] static Redactor &instance();

    void add(const QByteArray &secret);
    void remove(const QByteArray &secret);
    [[nodiscard]] QString redacted(const QString &text) const;

private:
    Redactor() = default;
    mutable std::mutex m_mutex;
    std::vector<QByteArray> m_secrets; //!< As many entries as registrations.
};

//! Shorthand for Redactor::instance().redacted(text).
[[nodiscard]] QString redacted(const QString &text);

} // namespace core
