#include "tests/support/recordedanswer.h"

#include "tests/support/recordings.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QMap>

namespace tests {

namespace {

using namespace Qt::StringLiterals;

constexpr qsizetype Excerpt = 60;

qsizetype codePoints(const QString &text)
{
    return text.toUcs4().size();
}

//! The first member of \p object that \p names say, null if none is there.
QJsonValue firstOf(const QJsonObject &object, const QStringList &names)
{
    for (const QString &name : names) {
        if (object.contains(name))
            return object.value(name);
    }
    return QJsonValue(QJsonValue::Null);
}

QStringList namesIn(const QJsonArray &calls)
{
    QStringList names;
    for (const QJsonValue &call : calls)
        names.append(call.isArray() ? call[0].toString() : call["name"_L1].toString());
    return names;
}

QString argumentsIn(const QJsonArray &calls)
{
    QString all;
    for (const QJsonValue &call : calls)
        all += call.isArray()
                   ? call[1].toString()
                   : QString::fromUtf8(
                         QJsonDocument(call["args"_L1].toObject()).toJson(QJsonDocument::Compact));
    return all;
}

RecordedAnswer fromEntry(const QJsonObject &entry)
{
    RecordedAnswer answer;
    answer.textSha256 = entry.value("text_sha256"_L1).toString().toLatin1();
    answer.textLength = entry.value("text_len"_L1).toInteger();
    const QString plan = entry.value("tool_plan"_L1).toString(); // Cohere's, which is shown as such
    answer.reasoningLength = entry.value("thinking_len"_L1).toInteger() + codePoints(plan);
    answer.reasoningStart =
        plan.isEmpty() ? entry.value("thinking_first60"_L1).toString() : plan.left(Excerpt);
    answer.reasoningEnd =
        plan.isEmpty() ? entry.value("thinking_last60"_L1).toString() : plan.right(Excerpt);
    const QJsonValue calls = firstOf(entry, {u"tool_calls"_s, u"function_calls"_s});
    if (calls.isArray()) {
        answer.toolNames = namesIn(calls.toArray());
        answer.toolArguments = argumentsIn(calls.toArray());
    } else if (!entry.value("block_types"_L1).toArray().contains("server_tool_use"_L1)) {
        answer.toolArguments = entry.value("tool_input_concat"_L1).toString();
    } // else the service ran them itself
    const QJsonValue stop = firstOf(entry, {u"stop"_s});
    const QJsonValue blocked = firstOf(entry, {u"block_reason"_s}); // of the prompt
    if (stop.isString() || blocked.isString())
        answer.finishRaw = stop.isString() ? stop.toString() : blocked.toString();
    const QJsonObject usage = entry.value("usage"_L1).toObject();
    const bool isCohere = usage.contains("billed_input"_L1); // caches are no part of its bill
    answer.usage = {
        {u"input"_s, firstOf(usage, {u"billed_input"_s, u"input"_s})},
        {u"cache_read"_s, isCohere ? QJsonValue() : firstOf(usage, {u"cached_input"_s})},
        {u"cache_write"_s, firstOf(usage, {u"cache_write"_s})},
        {u"output"_s, firstOf(usage, {u"billed_output"_s, u"output"_s})},
        {u"reasoning"_s, firstOf(usage, {u"reasoning"_s})},
    };
    return answer;
}

//! Reads the two protocols of OpenAI: whole data lines, one JSON object each.
class Walk
{
public:
    void take(const QJsonObject &event)
    {
        const QJsonObject choice = event.value("choices"_L1)[0].toObject();
        takeDelta(choice.value("delta"_L1).toObject());
        if (const QJsonValue stop = choice.value("finish_reason"_L1); stop.isString())
            m_stop = stop.toString();
        const QString type = event.value("type"_L1).toString();
        if (type == "response.output_text.delta"_L1)
            m_text += event.value("delta"_L1).toString();
        else if (type == "response.reasoning_summary_text.delta"_L1 ||
                 type == "response.reasoning_text.delta"_L1)
            m_reasoning += event.value("delta"_L1).toString();
        else if (type == "response.output_item.done"_L1)
            takeItem(event.value("output_index"_L1).toInt(), event.value("item"_L1).toObject());
        const QJsonObject response = event.value("response"_L1).toObject();
        if (type == "response.completed"_L1)
            m_stop = response.value("status"_L1).toString();
        else if (type == "response.incomplete"_L1)
            m_stop = response.value("incomplete_details"_L1)["reason"_L1].toString();
        for (const QJsonObject &holder : {event, response}) {
            if (holder.value("usage"_L1).isObject())
                m_usage = holder.value("usage"_L1).toObject();
        }
    }

    [[nodiscard]] RecordedAnswer answer() const
    {
        RecordedAnswer answer;
        answer.textSha256 =
            QCryptographicHash::hash(m_text.toUtf8(), QCryptographicHash::Sha256).toHex();
        answer.textLength = codePoints(m_text);
        answer.reasoningLength = codePoints(m_reasoning);
        answer.reasoningStart = m_reasoning.left(Excerpt);
        answer.reasoningEnd = m_reasoning.right(Excerpt);
        answer.toolNames = QStringList();
        for (const auto &[name, arguments] : m_calls) {
            answer.toolNames->append(name);
            answer.toolArguments += arguments;
        }
        answer.finishRaw = m_stop;
        // A response that ended early says zero of everything: nobody counted.
        const bool isCounted = m_usage.value("total_tokens"_L1).toInteger() > 0;
        const QJsonObject usage = isCounted ? m_usage : QJsonObject();
        const QJsonObject in =
            firstOf(usage, {u"prompt_tokens_details"_s, u"input_tokens_details"_s}).toObject();
        const QJsonObject out =
            firstOf(usage, {u"completion_tokens_details"_s, u"output_tokens_details"_s}).toObject();
        answer.usage = {
            {u"input"_s, firstOf(usage, {u"prompt_tokens"_s, u"input_tokens"_s})},
            {u"cache_read"_s, firstOf(in, {u"cached_tokens"_s})},
            {u"cache_write"_s, firstOf(in, {u"cache_write_tokens"_s})},
            {u"output"_s, firstOf(usage, {u"completion_tokens"_s, u"output_tokens"_s})},
            {u"reasoning"_s, firstOf(out, {u"reasoning_tokens"_s})},
        };
        return answer;
    }

private:
    void takeDelta(const QJsonObject &delta)
    {
        const QJsonValue content = delta.value("content"_L1);
        m_text += content.toString();
        for (const QJsonValue &part : content.toArray()) { // Mistral's lists
            m_text += part["text"_L1].toString();
            for (const QJsonValue &thought : part["thinking"_L1].toArray())
                m_reasoning += thought["text"_L1].toString();
        }
        m_reasoning += firstOf(delta, {u"reasoning_content"_s, u"reasoning"_s}).toString();
        for (const QJsonValue &call : delta.value("tool_calls"_L1).toArray()) {
            auto &[name, arguments] = m_calls[call["index"_L1].toInt()];
            name += call["function"_L1]["name"_L1].toString();
            arguments += call["function"_L1]["arguments"_L1].toString();
        }
    }
    void takeItem(int index, const QJsonObject &item)
    {
        if (item.value("type"_L1) == "function_call"_L1)
            m_calls[index] = {item.value("name"_L1).toString(),
                              item.value("arguments"_L1).toString()};
    }

    QString m_text, m_reasoning;
    QMap<int, std::pair<QString, QString>> m_calls;
    std::optional<QString> m_stop;
    QJsonObject m_usage;
};

} // namespace

std::optional<RecordedAnswer> RecordedAnswer::of(const QString &file)
{
    const QString folder = file.section(u'/', 0, -2);
    const QJsonObject entries =
        QJsonDocument::fromJson(Recordings::read(folder + "/expected.json"_L1)).object();
    if (const QJsonValue entry = entries.value(file.section(u'/', -1)); entry.isObject())
        return fromEntry(entry.toObject());
    if (!file.endsWith(".sse"_L1))
        return std::nullopt;
    Walk walk;
    int events = 0;
    for (const QByteArray &line : Recordings::read(file).split('\n')) {
        if (!line.startsWith("data:"))
            continue;
        const QJsonDocument event = QJsonDocument::fromJson(line.mid(5).trimmed());
        if (!event.isObject())
            continue; // [DONE]
        walk.take(event.object());
        ++events;
    }
    return events > 0 ? std::optional(walk.answer()) : std::nullopt;
}

} // namespace tests
