#include "ui/transcript/helpingblanks.h"

#include "ui/transcript/entities.h"

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

bool isQuote(char32_t c)
{
    return c == U'"' || c == U'\'' || (c >= 0x2018 && c <= 0x201D);
}

//! The end of the address that begins \p text: what no address holds unescaped, and before it what
//! ends a part of a sentence or closes a bracket that was opened before.
qsizetype addressEnd(QStringView text)
{
    const auto *const found = std::find_if(text.begin(), text.end(), [](QChar c) {
        const char16_t each = c.unicode();
        return c.isSpace() || QStringView(u"*<>`|").contains(c) ||
               (isQuote(each) && each != u'\'') || (isCjk(each) && c.isPunct());
    });
    QStringView address = text.first(found - text.begin());
    const bool bracket = address.contains(u'[');
    const bool parenthesis = address.contains(u'(');
    for (;;) {
        const qsizetype entity = address.endsWith(u';') ? address.lastIndexOf(u'&') : -1;
        const bool closes =
            (address.endsWith(u']') && !bracket) || (address.endsWith(u')') && !parenthesis);
        if (entity >= 0 && entityText(address.sliced(entity)) != address.sliced(entity))
            address.truncate(entity);
        else if (closes || (!address.isEmpty() && QStringView(u";'.,:!?").contains(address.back())))
            address.chop(1);
        else
            break;
    }
    return address.size();
}

bool isMarkOrPunctuation(char32_t c)
{
    return c < 128 ? c > 32 && !QChar::isLetterOrNumber(c) : QChar::isPunct(c);
}

//! Copies a text and helps where it must.
class HelpedText
{
public:
    explicit HelpedText(const QString &text)
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

char32_t HelpedText::before(qsizetype at) const
{
    if (at == 0)
        return U' ';
    const QChar c = m_text[at - 1];
    return c.isLowSurrogate() && at > 1 ? QChar::surrogateToUcs4(m_text[at - 2], c) : c.unicode();
}

char32_t HelpedText::after(qsizetype at) const
{
    if (at >= m_text.size())
        return U' ';
    const QChar c = m_text[at];
    return c.isHighSurrogate() && at + 1 < m_text.size() ? QChar::surrogateToUcs4(c, m_text[at + 1])
                                                         : c.unicode();
}

qsizetype HelpedText::starsAt(qsizetype at) const
{
    qsizetype stars = 0;
    while (at + stars < m_text.size() && m_text[at + stars] == u'*')
        ++stars;
    return stars;
}

void HelpedText::take(qsizetype count)
{
    count = std::min(count, m_text.size() - m_at);
    m_result += QStringView(m_text).sliced(m_at, count);
    m_at += count;
}

void HelpedText::takeCode()
{
    qsizetype ticks = 1;
    while (m_at + ticks < m_text.size() && m_text[m_at + ticks] == u'`')
        ++ticks;
    const qsizetype close = m_text.indexOf(QString(ticks, u'`'), m_at + ticks);
    take(close < 0 ? ticks : close + ticks - m_at);
}

void HelpedText::takeAddress()
{
    const char32_t left = before(m_at);
    const qsizetype end = addressEnd(QStringView(m_text).sliced(m_at));
    if (left == U'<' || QStringView(m_result).endsWith(u"](")) { // its edges are marked
        take(end);
        return;
    }
    if (isCjk(left) || isQuote(left) || left == U'>' || left == U';')
        m_result += HelpingBlank;
    const qsizetype begin = m_result.size();
    take(end);
    const qsizetype stars = starsAt(m_at);
    const char32_t right = after(m_at);
    if (isQuote(right) || isCjk(right) || right == U';' || right == U']' || right == U')') {
        m_result += HelpingBlank;
    } else if (stars > 0 && stars < 4 && m_open[std::size_t(stars)] &&
               !QChar::isSpace(after(m_at + stars))) {
        m_result.insert(begin, u'<'); // after a blank they could not close
        m_result += u'>';
    }
}

//! As CommonMark has it, stars between a letter and a mark open or close as the mark's side tells,
//! which is a guess that needs blanks. Whether some are open tells it better.
void HelpedText::takeStars()
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

QString HelpedText::read()
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

QString withHelpingBlanks(const QString &text)
{
    const bool stars = text.contains(u'*') && std::any_of(text.begin(), text.end(), [](QChar c) {
                           return c.isSurrogate() || isCjk(c.unicode());
                       });
    const bool needed = stars || text.contains(QLatin1StringView("://"));
    return needed && !text.contains(HelpingBlank) ? HelpedText(text).read() : text;
}

} // namespace ui
