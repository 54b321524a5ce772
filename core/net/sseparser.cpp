#include "core/net/sseparser.h"

namespace core {

bool SseParser::takeLine(QByteArrayView line, Place place)
{
    if (m_atStart) {
        m_atStart = false;
        if (line.startsWith("\xef\xbb\xbf"))
            line = line.sliced(3);
    }
    if (line.isEmpty())
        return true;
    if (line.front() == ':') {
        m_sawComment = true;
        return false;
    }
    // The usual fields, before all that could be.
    const auto isField = [line](QByteArrayView field) {
        return line.size() >= field.size() &&
               std::memcmp(line.data(), field.data(), static_cast<std::size_t>(field.size())) == 0;
    };
    if (isField(DataField)) {
        takeData(line.sliced(DataField.size()), place);
        return false;
    }
    if (isField(EventField)) {
        takeName(line.sliced(EventField.size()), place);
        return false;
    }
    const qsizetype colon = line.indexOf(':');
    const QByteArrayView name = colon < 0 ? line : line.first(colon);
    QByteArrayView value = colon < 0 ? QByteArrayView() : line.sliced(colon + 1);
    if (value.startsWith(' '))
        value = value.sliced(1);
    if (name == "data") {
        takeData(value, place);
    } else if (name == "event") {
        takeName(value, place);
    } else if (name == "error") {
        takeName(ErrorName, Place::Chunk);
        takeData(value, place);
    } else if (name != "id" && name != "retry" && m_stray.size() + line.size() < MostStrayBytes) {
        m_stray.append(line);
        m_stray.append('\n');
    }
    return false;
}

void SseParser::takeData(QByteArrayView value, Place place)
{
    if (!m_hasData) {
        // The usual case: one line, and nothing is copied.
        m_dataView = value;
        m_viewLasts = place == Place::Own;
        if (place == Place::Own)
            std::swap(m_line, m_kept); // the view goes with its bytes
        m_hasView = true;
    } else {
        if (m_hasView)
            append(m_data, m_dataView);
        m_hasView = false;
        m_data.push_back('\n');
        append(m_data, value);
    }
    m_hasData = true;
}

void SseParser::takeName(QByteArrayView name, Place place)
{
    m_eventView = name;
    m_eventLasts = false;
    if (place == Place::Own)
        keepName();
}

void SseParser::keepName()
{
    m_event.assign(m_eventView.begin(), m_eventView.end());
    m_eventView = viewOf(m_event);
    m_eventLasts = true;
}

bool SseParser::learnHead(const char *begin)
{
    if (!begin || !m_hasView || m_viewLasts || m_dataView.isNull())
        return false; // it was cut, or has several lines of data
    const QByteArrayView head(begin, m_dataView.data());
    // A head with more in it (an id, a comment) would have to be taken line by line each time.
    qsizetype plain = DataField.size();
    if (!m_eventView.isEmpty()) {
        const qsizetype name = EventField.size() + m_eventView.size();
        plain += name + (head.size() > name && head[name] == '\r' ? 2 : 1);
    }
    if (head.size() != plain || !head.endsWith(DataField))
        return false;
    if (!m_eventView.isEmpty() && (m_eventView.data() != begin + EventField.size() ||
                                   head[plain - DataField.size() - 1] != '\n'))
        return false;
    m_head.assign(head.begin(), head.end());
    m_headName = m_eventView.size();
    return true;
}

void SseParser::takeCut()
{
    if (m_cut.isEmpty())
        return;
    if (m_headName > 0)
        takeName(headName(), Place::Own);
    const qsizetype line = static_cast<qsizetype>(m_head.size()) - DataField.size();
    append(m_line, m_cut.view().sliced(line));
    m_cut.clear();
}

void SseParser::keepPending()
{
    if (!m_eventLasts && !m_eventView.isEmpty())
        keepName();
    if (!m_hasView || m_viewLasts)
        return;
    append(m_data, m_dataView);
    m_hasView = false;
}

} // namespace core
