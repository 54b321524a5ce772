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
    const qsizetype colon = line.indexOf(':');
    const QByteArrayView name = colon < 0 ? line : line.first(colon);
    QByteArrayView value = colon < 0 ? QByteArrayView() : line.sliced(colon + 1);
    if (value.startsWith(' '))
        value = value.sliced(1);
    if (name == "data") {
        if (!m_hasData && !lasting) {
            m_dataView = value; // the usual case: one line, nothing is copied
            m_hasView = true;
        } else {
            keepPending();
            if (m_hasData)
                m_data.append('\n');
            m_data.append(value);
        }
        m_hasData = true;
    } else if (name == "event") {
        m_event = value.toByteArray();
    } else if (name != "id" && name != "retry" && m_stray.size() + line.size() < MostStrayBytes) {
        m_stray.append(line);
        m_stray.append('\n');
    }
    return false;
}

void SseParser::keepPending()
{
    if (!m_hasView)
        return;
    m_data = m_dataView.toByteArray();
    m_hasView = false;
}

void SseParser::forgetPending()
{
    m_data.clear();
    m_event.clear();
    m_hasData = false;
    m_hasView = false;
}

} // namespace core
