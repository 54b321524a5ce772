#pragma once

#include "core/providers/providerregistry.h"

#include "wirecall.h"

namespace tests {

//! The first five tokens of every answer to this question, which faults in a stream leave whole.
inline const QString Question = QStringLiteral("What can you do?");
inline const QString FirstTokens = QStringLiteral("> What can you do?\n\n");
inline constexpr int FirstTokenCount = 5;

//! The practice provider, running and as fast as it goes, and the client's own side of each of its
//! protocols.
class WireBench
{
public:
    WireBench();

    static void eachProtocol(); //!< A data row a protocol: "provider", the id of its row.
    [[nodiscard]] const core::ProviderInfo &row(const QString &id) const;
    [[nodiscard]] const core::ProviderAdapter &adapter(const QString &id) const;
    [[nodiscard]] core::HttpRequest request(const QString &provider, const QString &model,
                                            const core::ChatOptions &options = {}) const;
    [[nodiscard]] core::HttpRequest request(const QString &provider, const QString &model,
                                            const core::ChatRequest &chat) const;
    [[nodiscard]] Received ask(const QString &provider,
                               const QString &model = QStringLiteral("practice-fast"),
                               const core::ChatOptions &options = {});
    [[nodiscard]] Received send(const QString &provider, const core::HttpRequest &request,
                                core::HttpDeadlines deadlines = {});
    //! As \p provider's own request, with another path below its root and another body.
    [[nodiscard]] core::HttpRequest plain(const QString &provider, const QByteArray &method,
                                          const QString &path, const QByteArray &body = {}) const;
    //! Every request meets \p fault, in a stream after the first five tokens; waits are 7 s.
    void fail(core::PracticeFault fault);
    [[nodiscard]] std::chrono::sys_seconds now() const;

    core::SystemClock clock;
    core::SystemRandom random;
    core::PracticeProvider practice{clock, random};
    core::ProviderRegistry registry;
    core::HttpTransport transport{clock, core::NetworkOptions{}};
    core::SecretString key; //!< The practice provider's token, unless a test says otherwise.
};

} // namespace tests
