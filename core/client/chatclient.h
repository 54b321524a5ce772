#pragma once

#include "core/base/idsource.h"
#include "core/base/random.h"
#include "core/client/chatreply.h"
#include "core/ledger/journal.h"
#include "core/net/httptransport.h"
#include "core/pricing/costcalculator.h"
#include "core/providers/providerregistry.h"
#include "core/resilience/retrypolicy.h"
#include "core/secrets/keystore.h"

#include <QObject>

namespace core {

//! Retry and time limits of the engine (resilience.md §4, §5); filled from settings by app/.
struct ClientOptions : RetryOptions
{
    HttpDeadlines deadlines;
    //! Received text waits this long at most before the Journal gets it; what is left of 500 ms is
    //! the disk's.
    std::chrono::milliseconds partialInterval{400};
    //! Longest answer where the request sets no limit: the upper end of ranges and reservations.
    std::int64_t assumedMaxOutput = 8'192;
};

//! Finds the account that a target uses; the keys' side of it is KeyStore's.
class AccountBook
{
public:
    virtual ~AccountBook() = default;
    [[nodiscard]] virtual Account account(const Target &target) const = 0;
};

//! Where one request runs through the layers: route, key, open, attempt, retry, fallback, close.
//! Each send() is independent; any number run at once. Main thread.
class ChatClient : public QObject
{
    Q_OBJECT
public:
    //! Everything it uses; each must outlive it.
    struct Parts
    {
        HttpTransport &transport;
        Clock &clock;
        Random &random;
        IdSource &ids;
        const ProviderRegistry &providers;
        KeyStore &keys;
        const AccountBook &accounts;
        Journal &journal;
        const CostCalculator &costs;
    };

    ChatClient(const Parts &parts, ClientOptions options, QObject *parent = nullptr);

    //! Sends \p request to the first target of \p route that answers. The reply belongs to \p
    //! owner.
    [[nodiscard]] ChatReply *send(const ChatRequest &request, const Route &route,
                                  const RequestContext &context, QObject *owner);

    void setOptions(const ClientOptions &options) { m_options = options; } //!< For later sends.
    [[nodiscard]] const ClientOptions &options() const { return m_options; }

private:
    Parts m_parts;
    ClientOptions m_options;
};

} // namespace core
