#pragma once

#include "core/client/attempt.h"
#include "core/client/attemptcost.h"
#include "core/client/clientparts.h"

#include <QObject>

#include <memory>
#include <optional>

namespace core {

//! Stopped attempts that go on unseen until the service has said what they cost: one at a time, at
//! most a minute. Nothing of the text is kept; the ledger's row is closed as cancelled, with the
//! service's own count where it came. Deletion ends it like any stop. Main thread.
class Drainage final : public QObject
{
    Q_OBJECT
public:
    static constexpr std::chrono::seconds Longest{60};

    //! What belongs to an attempt that runs.
    struct Flow
    {
        std::unique_ptr<Passage> passage;
        AttemptCost cost;
        ProviderInfo provider;
        QString model;    //!< That has the price.
        SecretString key; //!< While it lives, what a server echoes of it is redacted.
    };

    explicit Drainage(const ClientParts &parts, QObject *parent = nullptr);
    ~Drainage() override;

    [[nodiscard]] bool isBusy() const { return m_attempt != nullptr; }
    void take(Attempt *attempt, Flow flow); //!< While not busy; the attempt is its own from now on.

Q_SIGNALS:
    void drained(const core::AttemptRecord &attempt); //!< As the ledger has it.

private:
    [[nodiscard]] AttemptRecord settled();
    void finish();

    ClientParts m_parts;
    Attempt *m_attempt = nullptr; //!< A child.
    std::optional<Flow> m_flow;
    Alarm m_end;
};

} // namespace core
