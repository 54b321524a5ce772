#include "core/pricing/pricebook.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

namespace core {

namespace {

constexpr qint64 LargestFile = 4 * 1024 * 1024;

} // namespace

PriceBook::PriceBook(PriceCatalogue shipped, QString file, QObject *parent)
    : QObject(parent)
    , m_base(std::move(shipped))
    , m_catalogue(m_base)
    , m_file(std::move(file))
{
    QFile stored(m_file);
    if (!stored.exists())
        return;
    if (!stored.open(QIODevice::ReadOnly)) {
        m_fault = makeError(ErrorKind::StorageFailed, tr("%1 cannot be read.").arg(m_file));
        return;
    }
    const QByteArray json = stored.read(LargestFile + 1);
    auto overrides = overridesFrom(json);
    if (!overrides) {
        m_fault = overrides.error();
        return;
    }
    if (overrides->isEmpty())
        return;
    if (const auto laid = layOver(json); !laid) {
        m_fault = laid.error();
        return;
    }
    m_layer = json;
    m_overrides = *overrides;
}

void PriceBook::setBase(PriceCatalogue catalogue)
{
    m_base = std::move(catalogue);
    m_catalogue = m_base;
    if (!m_overrides.isEmpty()) {
        if (const auto laid = layOver(m_layer); !laid)
            m_fault = laid.error();
    }
    Q_EMIT changed();
}

std::optional<PriceOverride> PriceBook::overrideOf(const QString &provider,
                                                   const QString &model) const
{
    const auto found =
        std::find_if(m_overrides.cbegin(), m_overrides.cend(),
                     [&](const PriceOverride &one) { return isSameModel(one, provider, model); });
    return found == m_overrides.cend() ? std::nullopt : std::optional(*found);
}

Result<Done> PriceBook::layOver(const QByteArray &json)
{
    const auto layer = PriceCatalogue::fromJson(json);
    if (!layer)
        return layer.error();
    m_catalogue = m_base.under(*layer);
    return Done{};
}

Result<Done> PriceBook::set(const PriceOverride &price)
{
    if (price.provider.isEmpty() || price.model.trimmed().isEmpty())
        return rejected(tr("A price is that of a model at a provider."));
    if (price.isEmpty())
        return rejected(tr("Name at least one price."));
    return keep(withOverride(m_layer, price));
}

Result<Done> PriceBook::remove(const QString &provider, const QString &model)
{
    return keep(withoutOverride(m_layer, provider, model));
}

Result<Done> PriceBook::keep(const QByteArray &layer)
{
    if (m_fault)
        return *m_fault;
    const auto overrides = overridesFrom(layer);
    if (!overrides)
        return overrides.error();
    const PriceCatalogue before = m_catalogue;
    if (overrides->isEmpty())
        m_catalogue = m_base;
    else if (const auto laid = layOver(layer); !laid)
        return laid.error();
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    QSaveFile file(m_file);
    if (!file.open(QIODevice::WriteOnly) || file.write(layer) != layer.size() || !file.commit()) {
        m_catalogue = before;
        return makeError(ErrorKind::StorageFailed, tr("%1 cannot be written.").arg(m_file));
    }
    m_layer = layer;
    m_overrides = *overrides;
    Q_EMIT changed();
    return Done{};
}

} // namespace core
