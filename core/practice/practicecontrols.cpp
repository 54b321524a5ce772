#include "core/practice/practicecontrols.h"

#include <algorithm>

namespace core {

PracticeControls::PracticeControls(QList<PracticeModel> models)
    : m_models(std::move(models))
{
}

QList<PracticeModel> PracticeControls::models() const
{
    const QMutexLocker lock(&m_mutex);
    return m_models;
}

std::optional<PracticeModel> PracticeControls::model(const QString &id) const
{
    const QMutexLocker lock(&m_mutex);
    const auto found = std::find_if(m_models.begin(), m_models.end(),
                                    [&](const PracticeModel &model) { return model.id == id; });
    return found == m_models.end() ? std::nullopt : std::optional(*found);
}

void PracticeControls::setSpeed(double tokensPerSecond)
{
    const QMutexLocker lock(&m_mutex);
    for (PracticeModel &model : m_models) {
        model.tokensPerSecond = tokensPerSecond;
        if (tokensPerSecond <= 0)
            model.firstToken = {};
    }
}

void PracticeControls::setFault(const QString &model, const PracticeFaultPlan &plan)
{
    const QMutexLocker lock(&m_mutex);
    m_faults.insert(model, plan);
}

void PracticeControls::clearFault(const QString &model)
{
    const QMutexLocker lock(&m_mutex);
    m_faults.remove(model);
}

void PracticeControls::clearFaults()
{
    const QMutexLocker lock(&m_mutex);
    m_faults.clear();
}

std::optional<PracticeFaultPlan> PracticeControls::takeFault(const QString &model)
{
    const QMutexLocker lock(&m_mutex);
    auto found = m_faults.find(model);
    if (found == m_faults.end())
        found = m_faults.find(QString());
    if (found == m_faults.end())
        return std::nullopt;
    const PracticeFaultPlan plan = *found;
    if (found->times && --*found->times <= 0)
        m_faults.erase(found);
    return plan;
}

} // namespace core
