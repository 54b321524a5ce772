#include "core/practice/practicewire.h"

#include <QUrlQuery>

#include <algorithm>

namespace core {

namespace {

constexpr QByteArrayView ModelMark = "{model}";

//! What stands at the pattern's mark; none: \p path is another one.
std::optional<QByteArray> modelIn(const QByteArray &path, QByteArrayView pattern)
{
    const qsizetype mark = pattern.indexOf(ModelMark);
    if (mark < 0)
        return path == pattern ? std::optional(QByteArray()) : std::nullopt;
    const QByteArrayView before = pattern.first(mark);
    const QByteArrayView after = pattern.sliced(mark + ModelMark.size());
    if (path.size() <= before.size() + after.size() || !path.startsWith(before) ||
        !path.endsWith(after))
        return std::nullopt;
    const QByteArray model = path.mid(mark, path.size() - before.size() - after.size());
    return model.contains('/') ? std::nullopt : std::optional(model);
}

} // namespace

QString PracticeCall::queryItem(QLatin1StringView name) const
{
    const qsizetype mark = request.target.indexOf('?');
    if (mark < 0)
        return {};
    const QUrlQuery query(QString::fromLatin1(request.target.sliced(mark + 1)));
    return query.queryItemValue(name, QUrl::FullyDecoded);
}

QByteArray PracticeWire::streamType() const
{
    return "text/event-stream; charset=utf-8";
}

Result<QByteArray> PracticeWire::count(const PracticeCall &) const
{
    return makeError(ErrorKind::InvalidRequest, QStringLiteral("Nothing is counted here."));
}

bool isBelowRoot(const PracticeWire &wire, const LoopbackRequest &request)
{
    return request.path().startsWith(wire.root() + '/');
}

std::optional<PracticeCall> practiceCall(const PracticeWire &wire, const LoopbackRequest &request)
{
    if (!isBelowRoot(wire, request))
        return std::nullopt;
    const QByteArray path = request.path().sliced(wire.root().size());
    for (const PracticePath &known : wire.paths()) {
        const auto model =
            request.method == known.method ? modelIn(path, known.pattern) : std::nullopt;
        if (model)
            return PracticeCall{known.act,
                                QString::fromUtf8(QByteArray::fromPercentEncoding(*model)), path,
                                request};
    }
    return std::nullopt;
}

PracticePage practicePage(const QList<PracticeModel> &models, const QString &cursor,
                          qsizetype limit)
{
    auto first = models.begin();
    if (!cursor.isEmpty())
        first = std::find_if(models.begin(), models.end(),
                             [&](const PracticeModel &model) { return model.id == cursor; });
    PracticePage page;
    page.models = models.mid(first - models.begin(), std::max<qsizetype>(limit, 1));
    const auto next = first + page.models.size();
    if (next != models.end())
        page.next = next->id;
    return page;
}

void addRetryAfter(HttpHeaders &headers, const PracticeFailure &failure)
{
    if (failure.retryAfter.count() > 0)
        headers.set("Retry-After", QByteArray::number(qint64(failure.retryAfter.count())));
}

std::vector<std::unique_ptr<PracticeWire>> practiceWires()
{
    std::vector<std::unique_ptr<PracticeWire>> wires;
    wires.push_back(practiceOpenAiWire());
    wires.push_back(practiceResponsesWire());
    wires.push_back(practiceAnthropicWire());
    wires.push_back(practiceGeminiWire());
    wires.push_back(practiceCohereWire());
    wires.push_back(practiceAzureWire());
    wires.push_back(practiceBedrockWire());
    return wires;
}

} // namespace core
