#include "core/tokens/encodings.h"

namespace core {

std::shared_ptr<const Encoding> Encodings::loaded(EncodingId id) const
{
    return m_entries.at(static_cast<std::size_t>(id)).encoding.load();
}

std::shared_ptr<const Encoding> Encodings::get(EncodingId id)
{
    Entry &entry = m_entries.at(static_cast<std::size_t>(id));
    if (auto known = entry.encoding.load())
        return known;
    const std::lock_guard lock(entry.loading);
    if (auto known = entry.encoding.load())
        return known;
    const auto read = Encoding::load(id);
    if (!read)
        return nullptr;
    entry.encoding.store(*read);
    return *read;
}

} // namespace core
