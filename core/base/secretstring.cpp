#include "core/base/secretstring.h"

#include "core/base/redactor.h"

#include <string.h>

namespace core {

struct SecretString::Buffer
{
    explicit Buffer(const QByteArray &source)
        : bytes(source.constData(), source.size())
    {
        Redactor::instance().add(bytes);
    }
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;
    ~Buffer()
    {
        Redactor::instance().remove(bytes);
        explicit_bzero(bytes.data(), static_cast<size_t>(bytes.size()));
    }
    QByteArray bytes;
};

SecretString::SecretString(const QByteArray &utf8)
{
    if (!utf8.isEmpty())
        m_bytes = std::make_shared<const Buffer>(utf8);
}

QByteArrayView SecretString::reveal() const
{
    return m_bytes ? QByteArrayView(m_bytes->bytes) : QByteArrayView();
}

QString SecretString::lastFour() const
{
    constexpr qsizetype LongEnough = 12;
    const QByteArrayView bytes = reveal();
    return bytes.size() < LongEnough ? QString() : QString::fromUtf8(bytes.last(4));
}

} // namespace core
