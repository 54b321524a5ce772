#include "core/base/errortext.h"

#include "core/base/clockskew.h"

#include <QCoreApplication>

namespace core {

namespace {

QString translated(const char *text)
{
    return QCoreApplication::translate("core::Error", text);
}

QString who(const Error &error)
{
    return error.provider.isEmpty() ? translated("The server") : error.provider;
}

QString timeoutText(const Error &error)
{
    switch (error.phase) {
    case Phase::Connect:
        return translated("%1 could not be reached in time. Check the network or the base URL.");
    case Phase::FirstByte:
        return translated("%1 took the request but did not begin to answer in time. Try again or "
                          "choose another model.");
    case Phase::Idle:
        return translated("%1 stopped sending in the middle of the answer. What arrived is kept.");
    case Phase::None:
    case Phase::Total:
    case Phase::Sleep:
        break;
    }
    return translated("%1 did not finish in the time allowed. What arrived is kept.");
}

QString budgetText(const Error &error)
{
    if (!error.shortfall)
        return translated("This would exceed a budget. Nothing was sent.");
    if (error.shortfall->period == LimitPeriod::Message)
        return translated("This might cost more than the message may. Nothing more was sent.");
    if (!error.shortfall->hard)
        return translated("This might exceed a budget, which asks first. Nothing was sent.");
    return translated("This might exceed a budget. Nothing was sent; choose a cheaper model or a "
                      "shorter answer, or change the budget.");
}

QString sentence(const Error &error)
{
    if (error.phase == Phase::Sleep)
        return translated("The computer slept while %1 was answering, and the connection did not "
                          "outlast it. What arrived is kept.");
    switch (error.kind) {
    case ErrorKind::RateLimited:
        return translated(
            "%1 is limiting how fast you may ask. Wait a moment or choose another model.");
    case ErrorKind::QuotaExhausted:
        return translated("The quota of this account at %1 is used up. Add credit there or choose "
                          "another provider.");
    case ErrorKind::Overloaded:
        return translated(
            "%1 is overloaded just now. Try again in a moment or choose another model.");
    case ErrorKind::ServerError:
        return translated("%1 had a fault of its own. Try again or choose another model.");
    case ErrorKind::Timeout:
        return timeoutText(error);
    case ErrorKind::ConnectionFailed:
        if (error.providerCode == QLatin1StringView(ProxyLoginCode))
            return error.detail;
        return translated("%1 could not be reached. Check the network and the base URL.");
    case ErrorKind::TlsFailed:
        return translated("The secure connection to %1 could not be verified, so nothing was sent. "
                          "Check the base URL, the clock and any proxy.");
    case ErrorKind::Truncated:
        return translated(
            "The connection to %1 ended before the answer did. What arrived is kept.");
    case ErrorKind::InvalidRequest:
        return translated("%1 did not accept the request. Details say what it objects to.");
    case ErrorKind::ModelNotFound:
        return translated(
            "%1 does not know this model, or this account may not use it. Choose another model.");
    case ErrorKind::ContextLengthExceeded:
        return translated("The conversation is longer than this model can read. Shorten it or "
                          "choose a model with a larger context window.");
    case ErrorKind::AuthenticationFailed:
        if (clockSkewIn(error))
            return translated("This computer's clock is wrong, so %1 refused the signature. Set "
                              "the clock and try again.");
        return translated("%1 refused the key. Enter a valid key in Settings, Providers.");
    case ErrorKind::PermissionDenied:
        return translated(
            "This account may not do that at %1. Check its permissions or choose another model.");
    case ErrorKind::Billing:
        return translated("%1 asks for payment first. Check the billing of this account.");
    case ErrorKind::ContentBlocked:
        return translated("%1 declined to answer this request under its content policy.");
    case ErrorKind::Redirected:
        return translated("%1 points to another address. It was not followed, to keep your key "
                          "safe; check the base URL.");
    case ErrorKind::ProtocolError:
        return translated("The answer is not what %1 should send. Check the base URL; a login page "
                          "or a proxy may be in the way.");
    case ErrorKind::InputRejected:
        return error.detail.isEmpty() ? translated("The input cannot be sent.") : error.detail;
    case ErrorKind::BudgetExceeded:
        return budgetText(error);
    case ErrorKind::KeyMissing:
        if (!error.detail.isEmpty()) // a profile or a variable is named in it, and what to do
            return error.detail;
        return translated("No key for %1 is stored. Add one in Settings, Providers.");
    case ErrorKind::KeyUnavailable:
        if (!error.detail.isEmpty())
            return translated("The key for %1 could not be read.") + QLatin1Char(' ') +
                   error.detail;
        return translated("The key for %1 could not be read: the system keychain is locked or does "
                          "not answer. Unlock it and try again.");
    case ErrorKind::StorageFailed:
        // Whether anything was sent is not known here: an answer may have come before it.
        return translated("Farthing could not read or write its files. Check that the disk has "
                          "room and may be written.");
    case ErrorKind::Cancelled:
        return translated("Stopped.");
    case ErrorKind::AllTargetsFailed:
        return translated(
            "None of the chosen models answered. Details list what each of them said.");
    case ErrorKind::Internal:
        break;
    }
    return translated(
        "Farthing made a mistake. Nothing was lost; please report it with the details.");
}

} // namespace

QString userText(const Error &error)
{
    QString text = sentence(error);
    // Not arg(): a detail may hold a percent sign of its own.
    return text.replace(QStringLiteral("%1"), who(error));
}

} // namespace core
