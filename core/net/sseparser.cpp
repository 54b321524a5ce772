#include "core/net/sseparser.h"

namespace core {

bool SseParser::takeLine(QByteArrayView line, bool lasting)
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
    constexpr qsizetype DataBytes = 6;
    if (line.size() >= DataBytes && std::memcmp(line.data(), "data: ", DataBytes) == 0) {
        takeData(line.sliced(DataBytes), lasting);
        return false;
    }
    constexpr qsizetype EventBytes = 7;
    if (line.size() >= EventBytes && std::memcmp(line.data(), "event: ", EventBytes) == 0) {
        takeName(line.sliced(EventBytes), lasting);
        return false;
    }
    const qsizetype colon = line.indexOf(':');
    const QByteArrayView name = colon < 0 ? line : line.first(colon);
    QByteArrayView value = colon < 0 ? QByteArrayView() : line.sliced(colon + 1);
    if (value.startsWith(' '))
        value = value.sliced(1);
    if (name == "data") {
        takeData(value, lasting);
    } else if (name == "event") {
        takeName(value, lasting);
    } else if (name != "id" && name != "retry" && m_stray.size() + line.size() < MostStrayBytes) {
        m_stray.append(line);
        m_stray.append('\n');
    }
    return false;
}

void SseParser::takeData(QByteArrayView value, bool lasting)
{
    if (!m_hasData) {
        // The usual case: one line, and nothing is copied.
        m_dataView = value;
        m_viewLasts = lasting;
        if (lasting)
            std::swap(m_line, m_kept); // the view goes with its bytes
        m_hasView = true;
    } else {
        if (m_hasView)
            m_data.append(m_dataView);
        m_hasView = false;
        m_data.append('\n');
        m_data.append(value);
    }
    m_hasData = true;
}

void SseParser::takeName(QByteArrayView name, bool lasting)
{
    m_eventView = name;
    m_eventLasts = false;
    if (lasting)
        keepName();
}

void SseParser::keepName()
{
    m_event.resize(0);
    m_event.append(m_eventView);
    m_eventView = m_event;
    m_eventLasts = true;
}

void SseParser::keepPending()
{
    if (!m_eventLasts && !m_eventView.isEmpty())
        keepName();
    if (!m_hasView || m_viewLasts)
        return;
    m_data.append(m_dataView);
    m_hasView = false;
}

} // namespace core
