#include "ui/transcript/cjkmarks.h"

#include <algorithm>
#include <array>

namespace ui {

namespace {

bool isCjk(char32_t c)
{
    return (c >= 0x1100 && c <= 0x11FF) || (c >= 0x2E80 && c <= 0xA4CF) ||
           (c >= 0xAC00 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0xFE30 && c <= 0xFE4F) || (c >= 0xFF00 && c <= 0xFFEF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

bool isEdge(char32_t c) // of an address: a mark that none holds unescaped
{
    return (isCjk(c) && QChar::isPunct(c)) || (c >= 0x2018 && c <= 0x201D);
}

bool isMarkOrPunctuation(char32_t c)
{
    return c < 128 ? c > 32 && !QChar::isLetterOrNumber(c) : QChar::isPunct(c);
}

//! Copies a text and helps where it must.
class CjkMarks
{
public:
    explicit CjkMarks(const QString &text)
        : m_text(text)
    {
    }
    QString read();

private:
    [[nodiscard]] char32_t before(qsizetype at) const; // a blank at the text's edges
    [[nodiscard]] char32_t after(qsizetype at) const;
    [[nodiscard]] qsizetype starsAt(qsizetype at) const;
    void take(qsizetype count);
    void takeCode();
    void takeAddress();
    void takeStars();

    const QString &m_text;
    qsizetype m_at = 0;
    QString m_result;
    std::array<bool, 4> m_open{}; // by the number of stars, within the line
};

char32_t CjkMarks::before(qsizetype at) const
{
    if (at == 0)
        return U' ';
    const QChar c = m_text[at - 1];
    return c.isLowSurrogate() && at > 1 ? QChar::surrogateToUcs4(m_text[at - 2], c) : c.unicode();
}

char32_t CjkMarks::after(qsizetype at) const
{
    if (at >= m_text.size())
        return U' ';
    const QChar c = m_text[at];
    return c.isHighSurrogate() && at + 1 < m_text.size() ? QChar::surrogateToUcs4(c, m_text[at + 1])
                                                         : c.unicode();
}

qsizetype CjkMarks::starsAt(qsizetype at) const
{
    qsizetype stars = 0;
    while (at + stars < m_text.size() && m_text[at + stars] == u'*')
        ++stars;
    return stars;
}

void CjkMarks::take(qsizetype count)
{
    count = std::min(count, m_text.size() - m_at);
    m_result += QStringView(m_text).sliced(m_at, count);
    m_at += count;
}

void CjkMarks::takeCode()
{
    qsizetype ticks = 1;
    while (m_at + ticks < m_text.size() && m_text[m_at + ticks] == u'`')
        ++ticks;
    const qsizetype close = m_text.indexOf(QString(ticks, u'`'), m_at + ticks);
    take(close < 0 ? ticks : close + ticks - m_at);
}

void CjkMarks::takeAddress()
{
    const bool isTarget = before(m_at) == U'<' || QStringView(m_result).endsWith(u"](");
    if (isCjk(before(m_at)))
        m_result += HelpingBlank;
    const qsizetype begin = m_result.size();
    while (m_at < m_text.size() && !QStringView(u" \t\n*<>`").contains(m_text[m_at])) {
        if (!isTarget && isEdge(m_text[m_at].unicode())) {
            m_result += HelpingBlank;
            return;
        }
        take(1);
    }
    // Stars that close are part of an address unless a blank or a mark that is none of CJK follows.
    const qsizetype stars = starsAt(m_at);
    if (!isTarget && stars > 0 && stars < 4 && m_open[std::size_t(stars)] &&
        isCjk(after(m_at + stars))) {
        m_result.insert(begin, u'<');
        m_result += u'>';
    }
}

//! As CommonMark has it, stars between a letter and a mark open or close as the mark's side tells,
//! which is a guess that needs blanks. Whether some are open tells it better.
void CjkMarks::takeStars()
{
    const qsizetype stars = starsAt(m_at);
    const char32_t left = before(m_at);
    const char32_t right = after(m_at + stars);
    if (stars > 3 || (QChar::isSpace(left) && QChar::isSpace(right))) {
        take(stars);
        return;
    }
    const bool helped = isCjk(left) || isCjk(right);
    const bool markAtLeft = isMarkOrPunctuation(left);
    const bool markAtRight = isMarkOrPunctuation(right);
    bool &open = m_open[std::size_t(stars)];
    if (QChar::isSpace(left) || QChar::isSpace(right)) {
        open = QChar::isSpace(left);
        take(stars);
    } else if (markAtLeft == markAtRight) {
        open = !open;
        take(stars);
    } else if (markAtRight) { // they close
        if (!open && helped)
            m_result += HelpingBlank;
        open = !open && helped;
        take(stars);
    } else { // they open
        take(stars);
        if (open && helped)
            m_result += HelpingBlank;
        open = !(open && helped);
    }
}

QString CjkMarks::read()
{
    const QStringView text(m_text);
    while (m_at < text.size()) {
        const QStringView rest = text.sliced(m_at);
        if (rest[0] == u'`') {
            takeCode();
        } else if (rest[0] == u'*') {
            takeStars();
        } else if (rest.startsWith(u"https://") || rest.startsWith(u"http://")) {
            takeAddress();
        } else {
            if (rest[0] == u'\n')
                m_open.fill(false);
            take(rest[0] == u'\\' ? 2 : 1);
        }
    }
    return m_result;
}

} // namespace

QString withCjkMarks(const QString &text)
{
    const bool marks = text.contains(u'*') || text.contains(QLatin1StringView("://"));
    const bool cjk = marks && std::any_of(text.begin(), text.end(), [](QChar c) {
                         return c.isSurrogate() || isCjk(c.unicode());
                     });
    return !cjk || text.contains(HelpingBlank) ? text : CjkMarks(text).read();
}

} // namespace ui
