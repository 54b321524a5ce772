#pragma once

#include "core/net/httptransport.h"

#include <QStringList>

namespace tests {

//! Writes down what an exchange says, in order. Outlives the exchange.
class ExchangeLog final : public QObject
{
    Q_OBJECT
public:
    explicit ExchangeLog(core::HttpExchange *exchange)
    {
        using core::HttpExchange;
        connect(exchange, &HttpExchange::sent, this, [this] { events << QStringLiteral("sent"); });
        connect(exchange, &HttpExchange::headersReceived, this,
                [this] { events << QStringLiteral("headers"); });
        connect(exchange, &HttpExchange::bodyReceived, this, [this](const QByteArray &slice) {
            hadEmptySlice = hadEmptySlice || slice.isEmpty();
            if (keepBody)
                body += slice;
            bodyBytes += slice.size();
            if (events.isEmpty() || events.last() != QStringLiteral("body"))
                events << QStringLiteral("body"); // however the network cuts it
        });
        connect(exchange, &HttpExchange::finished, this, [this, exchange] {
            events << QStringLiteral("finished");
            ++finishedCount;
            error = exchange->error();
            status = exchange->status();
        });
    }

    [[nodiscard]] bool isFinished() const { return finishedCount > 0; }

    QStringList events;
    QByteArray body;
    qint64 bodyBytes = 0;
    bool keepBody = true;
    bool hadEmptySlice = false;
    int finishedCount = 0;
    int status = 0;
    std::optional<core::Error> error;
};

} // namespace tests
