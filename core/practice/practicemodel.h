#pragma once

#include <QList>
#include <QString>

#include <chrono>

namespace core {

//! One model that the practice provider offers.
struct PracticeModel
{
    QString id;
    QString name;                           //!< For people.
    double tokensPerSecond = 40;            //!< 0: as fast as the socket takes it.
    std::chrono::milliseconds firstToken{}; //!< From the request to the first piece.
    bool reasons = false;                   //!< Shows its reasoning before the answer.
    bool operator==(const PracticeModel &) const = default;
};

//! practice-fast, practice-steady, practice-thinker.
[[nodiscard]] QList<PracticeModel> practiceModels();

inline constexpr int PracticeContextWindow = 128'000;
inline constexpr int PracticeMaxOutput = 16'000;

} // namespace core
