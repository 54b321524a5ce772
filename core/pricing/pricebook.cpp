#include "core/pricing/pricebook.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

namespace core {

namespace {

constexpr qint64 LargestFile = 4 * 1024 * 1024;

bool isOf(const PriceOverride &one, const QString &provider, const QString &model)
{
    return one.provider == provider && one.model.compare(model, Qt::CaseInsensitive) == 0;
}

Error failure(ErrorKind kind, const QString &detail)
{
    Error error;
    error.kind = kind;
    error.detail = detail;
    return error;
}

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
        m_fault = failure(ErrorKind::StorageFailed, tr("%1 cannot be read.").arg(m_file));
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
    if (const auto laid = layOver(json); !laid)
        m_fault = laid.error();
    else
        m_overrides = *overrides;
}

void PriceBook::setBase(PriceCatalogue catalogue)
{
    m_base = std::move(catalogue);
    m_catalogue = m_base;
    if (!m_overrides.isEmpty()) {
        if (const auto laid = layOver(overridesJson(m_overrides)); !laid)
            m_fault = laid.error();
    }
    Q_EMIT changed();
}

std::optional<PriceOverride> PriceBook::overrideOf(const QString &provider,
                                                   const QString &model) const
{
    const auto found =
        std::find_if(m_overrides.cbegin(), m_overrides.cend(),
                     [&](const PriceOverride &one) { return isOf(one, provider, model); });
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
        return failure(ErrorKind::InputRejected, tr("A price is that of a model at a provider."));
    if (!price.input && !price.output && !price.cacheRead && !price.cacheWrite)
        return failure(ErrorKind::InputRejected, tr("Name at least one price."));
    QList<PriceOverride> overrides = m_overrides;
    overrides.removeIf(
        [&](const PriceOverride &one) { return isOf(one, price.provider, price.model); });
    overrides.append(price);
    return keep(overrides);
}

Result<Done> PriceBook::remove(const QString &provider, const QString &model)
{
    QList<PriceOverride> overrides = m_overrides;
    overrides.removeIf([&](const PriceOverride &one) { return isOf(one, provider, model); });
    return keep(overrides);
}

Result<Done> PriceBook::keep(const QList<PriceOverride> &overrides)
{
    if (m_fault)
        return *m_fault;
    const QByteArray json = overridesJson(overrides);
    const PriceCatalogue before = m_catalogue;
    if (overrides.isEmpty())
        m_catalogue = m_base;
    else if (const auto laid = layOver(json); !laid)
        return laid.error();
    QDir().mkpath(QFileInfo(m_file).absolutePath());
    QSaveFile file(m_file);
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit()) {
        m_catalogue = before;
        return failure(ErrorKind::StorageFailed, tr("%1 cannot be written.").arg(m_file));
    }
    m_overrides = overrides;
    Q_EMIT changed();
    return Done{};
}

} // namespace core
