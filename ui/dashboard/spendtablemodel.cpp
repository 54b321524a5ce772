#include "ui/dashboard/spendtablemodel.h"

#include "ui/widgets/figures.h"

#include <algorithm>
#include <utility>

namespace ui {

namespace {

std::optional<QString> latencyText(const core::LatencyHistogram &latencies, double fraction)
{
    const auto latency = latencies.percentile(fraction);
    if (!latency)
        return std::nullopt;
    return durationText(*latency);
}

std::optional<QString> speedFigure(const core::SpendSums &sums)
{
    const auto speed = tokensPerSecond(sums);
    if (!speed)
        return std::nullopt;
    return QString::number(*speed, 'f', *speed < 9.95 ? 1 : 0);
}

//! Why counts are lower bounds, if they are.
QVariant tokensRemark(const core::SpendSums &sums)
{
    if (sums.tokensUnknown == 0)
        return {};
    return SpendTableModel::tr("Attempts that may have used more tokens than they told: %1")
        .arg(countText(sums.tokensUnknown));
}

std::int64_t errorCount(const core::SpendSums &sums)
{
    std::int64_t count = 0;
    for (const std::int64_t errors : sums.attemptErrors)
        count += errors;
    return count;
}

} // namespace

SpendTableModel::SpendTableModel(DashboardNames names, QObject *parent)
    : QAbstractTableModel(parent)
    , m_names(std::move(names))
{
}

bool SpendTableModel::hasSameKeys(const QList<core::SpendRow> &rows) const
{
    return std::equal(m_rows.begin(), m_rows.end(), rows.begin(), rows.end(),
                      [](const core::SpendRow &a, const core::SpendRow &b) {
                          return a.provider == b.provider && a.model == b.model;
                      });
}

void SpendTableModel::setRows(const QList<core::SpendRow> &rows, bool simulated)
{
    if (hasSameKeys(rows)) {
        m_rows = rows;
        m_simulated = simulated;
        if (!m_rows.isEmpty())
            Q_EMIT dataChanged(index(0, 0),
                               index(static_cast<int>(m_rows.size()) - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_rows = rows;
    m_simulated = simulated;
    endResetModel();
}

int SpendTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SpendTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::optional<QString> SpendTableModel::text(const core::SpendRow &row, int column) const
{
    const core::SpendSums &sums = row.sums;
    const MoneyMark mark =
        m_names.isLocalProvider(row.provider) ? MoneyMark::Local : MoneyMark::None;
    switch (column) {
    case Model:
        return m_names.modelName(row.provider, row.model);
    case Requests:
        return countText(sums.requests);
    case TokensIn:
        return tokensText(sums, core::UsageKind::Input);
    case TokensOut:
        return tokensText(sums, core::UsageKind::Output);
    case FirstTokenP50:
        return latencyText(sums.firstToken, 0.5);
    case FirstTokenP95:
        return latencyText(sums.firstToken, 0.95);
    case Speed:
        return speedFigure(sums);
    case Errors:
        return percentText(errorCount(sums), sums.attempts);
    case PerRequest: {
        const auto cost = costPerRequest(sums);
        return cost ? std::optional(costText(cost, Decimals::Figures, mark)) : std::nullopt;
    }
    case Spend:
        return costText(sums.cost, Decimals::Sidebar, mark);
    default:
        return std::nullopt;
    }
}

QVariant SpendTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const core::SpendRow &row = m_rows.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column()).value_or(QStringLiteral("–"));
    case Qt::AccessibleTextRole: {
        const QString said = text(row, index.column()).value_or(tr("unknown"));
        if (index.column() == Model)
            return tr("%1, %2").arg(said, m_names.providerName(row.provider));
        const bool money = index.column() == PerRequest || index.column() == Spend;
        return money && m_simulated ? tr("%1 simulated").arg(said) : said;
    }
    case Qt::ToolTipRole: // a narrow column elides both; QToolTip must not take them for HTML
        if (index.column() == TokensIn || index.column() == TokensOut)
            return tokensRemark(row.sums);
        if (index.column() != Model)
            return {};
        return QStringLiteral("<qt>%1</qt>")
            .arg(data(index, Qt::AccessibleTextRole).toString().toHtmlEscaped());
    case Qt::TextAlignmentRole:
        return static_cast<int>((index.column() == Model ? Qt::AlignLeft : Qt::AlignRight) |
                                Qt::AlignVCenter);
    case ProviderRole:
        return row.provider;
    case ProviderNameRole:
        return m_names.providerName(row.provider);
    default:
        return {};
    }
}

QVariant SpendTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((section == Model ? Qt::AlignLeft : Qt::AlignRight) |
                                Qt::AlignVCenter);
    if (role == Qt::AccessibleTextRole && section == Spend)
        return tr("Spend, highest first");
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (section) {
    case Model:
        return tr("Model");
    case Requests:
        return tr("Requests");
    case TokensIn:
        return tr("Tokens in");
    case TokensOut:
        return tr("Tokens out");
    case FirstTokenP50:
        return tr("p50");
    case FirstTokenP95:
        return tr("p95");
    case Speed:
        return tr("tok/s");
    case Errors:
        return tr("Errors");
    case PerRequest:
        return tr("Per request");
    default:
        return tr("Spend ▾");
    }
}

} // namespace ui
