#include "ui/transcript/markdownhelp.h"

#include "ui/transcript/entities.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace ui {

namespace {

//! Stands for a blank that the parser sees and the reader does not.
constexpr QChar HelpingBlank(u'\v');
//! Stands outside the angle brackets that are put around a bare address, and tells them from those
//! of the writer. For private use, so that the parser takes it for a letter.
constexpr QChar AddressEdge(u'\uE0F1');

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

//! Where \p text has a closing square bracket more than opening ones; its size where it has not.
qsizetype unopenedBracket(QStringView text)
{
    int open = 0;
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text[at] == u'[')
            ++open;
        else if (text[at] == u']' && --open < 0)
            return at;
    }
    return text.size();
}

//! Of the entity that \p text ends with; 0: with none.
qsizetype lengthOfLastEntity(QStringView text)
{
    constexpr qsizetype Longest = 40;
    if (!text.endsWith(u';'))
        return 0;
    const QStringView end = text.last(std::min(text.size(), Longest));
    const QStringView entity = end.sliced(std::max(end.lastIndexOf(u'&'), qsizetype{0}));
    return entityText(entity) == entity ? 0 : entity.size();
}

//! The end of the address that begins \p text: what no address holds unescaped, and before it what
//! ends a part of a sentence or closes a bracket that was opened before.
qsizetype addressEnd(QStringView text)
{
    const auto *const found = std::find_if(text.begin(), text.end(), [](QChar c) {
        const char16_t each = c.unicode();
        return c.isSpace() || QStringView(u"*<>`|\\").contains(c) ||
               (isQuote(each) && each != u'\'') || (isCjk(each) && c.isPunct());
    });
    QStringView address = text.first(found - text.begin());
    address.truncate(unopenedBracket(address));
    qsizetype unopened = address.count(u')') - address.count(u'(');
    while (!address.isEmpty()) {
        if (const qsizetype entity = lengthOfLastEntity(address); entity > 0) {
            address.chop(entity);
        } else if (address.back() == u')' && unopened > 0) {
            address.chop(1);
            --unopened;
        } else if (QStringView(u";'.,:!?_~").contains(address.back())) {
            address.chop(1);
        } else {
            break;
        }
    }
    return address.size();
}

//! Whether something follows the scheme that may be a host: not "https://" alone.
bool hasHost(QStringView address)
{
    const qsizetype host = address.indexOf(QLatin1StringView("://")) + 3;
    return host < address.size() && (address[host].isLetterOrNumber() || address[host] == u'[');
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
    [[nodiscard]] bool isInLinkText(qsizetype at) const;
    void take(qsizetype count);
    void takeCode();
    void takeAddress();
    void takeStars();

    const QString &m_text;
    qsizetype m_at = 0;
    QString m_result;
    std::array<bool, 4> m_open{}; // by the number of stars, within the line
    int m_brackets = 0;           // open square ones, within the paragraph
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

//! Whether \p at is within brackets that are followed by where they lead. A link in a link's text
//! would take that link's place.
bool HelpedText::isInLinkText(qsizetype at) const
{
    const qsizetype paragraph = m_text.indexOf(QLatin1StringView("\n\n"), at);
    QStringView rest =
        QStringView(m_text).sliced(at, (paragraph < 0 ? m_text.size() : paragraph) - at);
    for (int bracket = 0; bracket < m_brackets; ++bracket) {
        const qsizetype close = unopenedBracket(rest);
        if (close + 1 >= rest.size())
            return false;
        rest = rest.sliced(close + 1);
        if (rest.front() == u'(' || rest.front() == u'[')
            return true;
    }
    return false;
}

//! Puts a bare one into the brackets that every parser knows. Not where its edges are marked
//! already, nor within a longer word.
void HelpedText::takeAddress()
{
    const char32_t left = before(m_at);
    const QStringView rest = QStringView(m_text).sliced(m_at);
    const qsizetype end = addressEnd(rest);
    const QStringView address = rest.first(end);
    const bool inWord = !isCjk(left) && (QChar::isLetterOrNumber(left) ||
                                         (left < 128 && std::strchr("/&?@.-%+#\\<", int(left))));
    if (inWord || QStringView(m_result).endsWith(u"](") || !hasHost(address) ||
        isInLinkText(m_at + end)) {
        take(end);
        return;
    }
    m_result += AddressEdge;
    m_result += u'<';
    take(end);
    m_result += u'>';
    m_result += AddressEdge;
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
            if (rest.startsWith(u"\n\n"))
                m_brackets = 0;
            else if (rest[0] == u'[')
                ++m_brackets;
            else if (rest[0] == u']')
                m_brackets = std::max(0, m_brackets - 1);
            take(rest[0] == u'\\' ? 2 : 1);
        }
    }
    return m_result;
}

} // namespace

QString withMarkdownHelp(const QString &text)
{
    const bool stars = text.contains(u'*') && std::any_of(text.begin(), text.end(), [](QChar c) {
                           return c.isSurrogate() || isCjk(c.unicode());
                       });
    const bool needed = stars || text.contains(QLatin1StringView("://"));
    const bool free = !text.contains(HelpingBlank) && !text.contains(AddressEdge);
    return needed && free ? HelpedText(text).read() : text;
}

QString withoutMarkdownHelp(QString text)
{
    return text.remove(AddressEdge + QLatin1StringView("<"))
        .remove(QLatin1StringView(">") + AddressEdge)
        .remove(AddressEdge)
        .remove(HelpingBlank);
}

} // namespace ui
