#include "core/net/httpmessage.h"

namespace core {

namespace {

bool sameName(QByteArrayView a, QByteArrayView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

} // namespace

void HttpHeaders::set(const QByteArray &name, const QByteArray &value)
{
    m_fields.removeIf([&](const auto &field) { return sameName(field.first, name); });
    add(name, value);
}

QByteArray HttpHeaders::value(QByteArrayView name) const
{
    for (const auto &[known, value] : m_fields) {
        if (sameName(known, name))
            return value;
    }
    return {};
}

bool HttpHeaders::contains(QByteArrayView name) const
{
    for (const auto &field : m_fields) {
        if (sameName(field.first, name))
            return true;
    }
    return false;
}

} // namespace core
