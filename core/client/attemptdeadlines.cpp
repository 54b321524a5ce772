#include "core/client/attemptdeadlines.h"

#include "core/resilience/deadlines.h"

#include <QRegularExpression>

#include <algorithm>

namespace core {

namespace {

//! Whether the model may work for minutes before its first byte. Told by name: nothing on the wire
//! says so beforehand, and a mistake costs only patience.
bool mayThinkFirst(const ChatOptions &request, const QString &model)
{
    if (!request.reasoningEffort.isEmpty())
        return request.reasoningEffort != QStringLiteral("none");
    static const QRegularExpression name(
        QStringLiteral("(^|/)o[134](-|$)|gpt-5|reason|think|deepseek-r|-r1|qwq|magistral"),
        QRegularExpression::CaseInsensitiveOption);
    return name.match(model).hasMatch();
}

} // namespace

HttpDeadlines attemptDeadlines(const ClientOptions &options, const ChatOptions &request,
                               const ProviderInfo &provider, const QString &model)
{
    HttpDeadlines deadlines = options.deadlines;
    const bool hasFirstByte = deadlines.firstByte.count() > 0;
    if (hasFirstByte && (provider.local || mayThinkFirst(request, model)))
        deadlines.firstByte = std::max(deadlines.firstByte, options.slowFirstByte);
    const auto total = totalDeadline(request.maxOutputTokens);
    if (deadlines.total.count() == 0 || total < deadlines.total)
        deadlines.total = total;
    return deadlines;
}

} // namespace core
