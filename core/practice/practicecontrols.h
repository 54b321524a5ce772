#pragma once

#include "core/practice/practicefault.h"
#include "core/practice/practicemodel.h"

#include <QMap>
#include <QMutex>

namespace core {

//! What the practice provider was told: its models, their speed, the faults to show. Written by the
//! window, read by the server's thread. Thread-safe.
class PracticeControls
{
public:
    explicit PracticeControls(QList<PracticeModel> models = practiceModels());

    [[nodiscard]] QList<PracticeModel> models() const;
    [[nodiscard]] std::optional<PracticeModel> model(const QString &id) const;
    //! Of every model; 0: as fast as the socket takes it, with no wait before the first token.
    void setSpeed(double tokensPerSecond);
    //! Replaces the plan of \p model; an empty \p model means every model without a plan of its
    //! own.
    void setFault(const QString &model, const PracticeFaultPlan &plan);
    void clearFault(const QString &model); //!< The plan that was set under this name.
    void clearFaults();
    //! The plan that the next request to \p model meets; counts it.
    [[nodiscard]] std::optional<PracticeFaultPlan> takeFault(const QString &model);

private:
    mutable QMutex m_mutex;
    QList<PracticeModel> m_models;
    QMap<QString, PracticeFaultPlan> m_faults;
};

} // namespace core
