#pragma once

#include <QByteArray>
#include <QList>
#include <QUrl>

#include <utility>

namespace core {

//! Header fields in the order they came; names compare without case.
class HttpHeaders
{
public:
    HttpHeaders() = default;
    HttpHeaders(std::initializer_list<std::pair<QByteArray, QByteArray>> fields)
        : m_fields(fields)
    {
    }

    void add(const QByteArray &name, const QByteArray &value) { m_fields.append({name, value}); }
    void set(const QByteArray &name, const QByteArray &value); //!< Replaces all of that name.
    [[nodiscard]] QByteArray
    value(QByteArrayView name) const; //!< The first of that name; empty if none.
    [[nodiscard]] bool contains(QByteArrayView name) const;
    [[nodiscard]] const QList<std::pair<QByteArray, QByteArray>> &fields() const
    {
        return m_fields;
    }
    bool operator==(const HttpHeaders &) const = default;

private:
    QList<std::pair<QByteArray, QByteArray>> m_fields;
};

//! One exchange to make. Keys stand in headers only, never in the URL or the body.
struct HttpRequest
{
    QByteArray method = "POST";
    QUrl url;
    HttpHeaders headers;
    QByteArray body;
    bool operator==(const HttpRequest &) const = default;
};

} // namespace core
