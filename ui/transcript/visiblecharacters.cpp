#include "ui/transcript/visiblecharacters.h"

namespace ui {

namespace {

constexpr int MaxWord = 2000;
constexpr int MaxMarks = 8;
constexpr int MaxJoiners = 16;

bool isHidden(char32_t c, Strictness strictness)
{
    const bool bidi = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    const bool tag = c >= 0xE0000 && c <= 0xE007F;
    const bool control = c < 0x20 && c != '\n' && c != '\t';
    if (bidi || tag || control || c == 0x7F || c == 0xFEFF)
        return true;
    const bool zeroWidth = (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0x00AD ||
                           c == 0x061C || c == 0x180E || (c >= 0x2061 && c <= 0x2064) ||
                           c == 0x2028 || c == 0x2029;
    return zeroWidth && (strictness == Strictness::Code || c == 0x2060);
}

} // namespace

QString visibleCharacters(QStringView text, Strictness strictness)
{
    QString result;
    result.reserve(text.size());
    int marks = 0;
    int word = 0;
    int joiners = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        char32_t c = text[i].unicode();
        const bool pair =
            text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate();
        if (pair)
            c = QChar::surrogateToUcs4(text[i], text[i + 1]);
        const bool mark = QChar::isMark(c);
        marks = mark ? marks + 1 : 0;
        joiners = c == 0x200D ? joiners + 1 : (text[i].isSpace() ? 0 : joiners);
        word = text[i].isSpace() ? 0 : word + 1;
        if (isHidden(c, strictness) || marks > MaxMarks || (c == 0x200D && joiners > MaxJoiners)) {
            result += QStringLiteral("\u27E8%1\u27E9").arg(uint(c), 4, 16, QChar(u'0')).toUpper();
        } else {
            result += text[i];
            if (pair)
                result += text[i + 1];
        }
        if (word >= MaxWord && !mark) { // a word without end costs seconds to lay out
            result += strictness == Strictness::Code ? QChar(u'\n') : QChar(0x200B);
            word = 0;
        }
        i += pair ? 1 : 0;
    }
    return result;
}

} // namespace ui
