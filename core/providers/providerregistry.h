#pragma once

#include "core/base/result.h"
#include "core/chat/providerinfo.h"
#include "core/providers/provideradapter.h"

#include <QHash>
#include <QList>

#include <memory>

namespace core {

//! All services Farthing knows: the rows of providers.json and the adapters for their protocols.
//! Immutable once made; thread-safe.
class ProviderRegistry
{
public:
    //! \p json as resources/providers.json; refused whole with the row named if anything is wrong.
    [[nodiscard]] static Result<ProviderRegistry> fromJson(const QByteArray &json);

    [[nodiscard]] const QList<ProviderInfo> &providers() const { return m_providers; }
    [[nodiscard]] const ProviderInfo *provider(const QString &id) const; //!< nullptr if unknown.
    //! nullptr if the protocol has no adapter.
    [[nodiscard]] const ProviderAdapter *adapter(const QString &protocol) const;

    //! Whether \p model goes on where an assistant turn at the end of the request stops. Others
    //! take that for a finished turn, or refuse it.
    [[nodiscard]] bool prefills(const QString &provider, const QString &model) const;

    [[nodiscard]] QStringList protocols() const; //!< That have an adapter, sorted.

    //! Adds a row that exists only while the program runs (the practice provider's). Call while
    //! wiring.
    void add(const ProviderInfo &provider);

private:
    ProviderRegistry();
    QList<ProviderInfo> m_providers;
    QHash<QString, QStringList> m_prefills; //!< By provider: what ids of such models hold.
    QHash<QString, std::shared_ptr<const ProviderAdapter>> m_adapters;
};

} // namespace core
