#include "tests/core/tokens/tokencorpora.h"

#include <QFile>
#include <QHash>
#include <QStringList>
#include <QStringTokenizer>

namespace tests {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype CorpusBytes = 850'000;
constexpr qsizetype PathologicalBytes = 1 << 20;

//! splitmix64: the same everywhere.
class Dice
{
public:
    explicit Dice(std::uint64_t seed)
        : m_state(seed)
    {
    }

    //! 0 to \p sides - 1.
    qsizetype roll(qsizetype sides)
    {
        m_state += 0x9E3779B97F4A7C15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return static_cast<qsizetype>((z ^ (z >> 31U)) % static_cast<std::uint64_t>(sides));
    }
    bool oneIn(qsizetype sides) { return roll(sides) == 0; }

    template <typename List>
    auto pick(const List &list)
    {
        return list.at(roll(list.size()));
    }

private:
    std::uint64_t m_state;
};

//! Goes from piece to piece as a sample does: words repeat as often as in a text that someone
//! wrote.
class Chain
{
public:
    explicit Chain(const QStringList &sample)
        : m_sample(sample)
    {
        for (qsizetype i = 0; i + 1 < sample.size(); ++i)
            m_next[sample.at(i)].append(i + 1);
    }

    const QString &next(Dice &dice)
    {
        const auto options = m_next.constFind(m_sample.at(m_at));
        m_at = options == m_next.cend() ? 0 : dice.pick(*options);
        return m_sample.at(m_at);
    }

private:
    QStringList m_sample;
    QHash<QString, QList<qsizetype>> m_next;
    qsizetype m_at = 0;
};

QStringList licenceWords()
{
    QFile file(QStringLiteral(FARTHING_SOURCE_DIR "/LICENSE"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the corpora are made of the words of LICENSE");
    return QString::fromUtf8(file.readAll()).simplified().split(QLatin1Char(' '));
}

//! Ours, so that no one else's text is needed.
const QString &chineseText()
{
    static const QString text =
        QStringLiteral("每个人都想知道一次回答要花多少钱。程序把文字切成小块，再一块一块地计数。如"
                       "果网络断开，已经收到的内容不会丢失。"
                       "我们先把请求写进账本，然后才发送第一个字节。模型可能很忙，也可能拒绝回答；"
                       "无论哪种情况，费用都要写清楚。"
                       "用户可以同时比较几个模型，看谁更快、谁更便宜。价格会变，历史记录保持当时的"
                       "价格。数据库保存在本机，钥匙放在系统的"
                       "钥匙串里。图片、表格和代码都能附在问题后面。长的对话需要更大的窗口，超过限"
                       "制时程序会提出办法：删去旧的段落，或者"
                       "换一个模型。春天来了，河边的柳树发芽，孩子们在草地上放风筝。山上的雪还没有"
                       "化，远处传来火车的声音。"
                       "昨天晚上下了一场雨，今天早上的空气特别新鲜。她在窗前读了一本关于天文学的书"
                       "，想起小时候看过的星星。");
    return text;
}

const QString &japaneseText()
{
    static const QString text =
        QStringLiteral("このプログラムは、答えがいくらかかるかをいつも知っています。文字を小さな単"
                       "位に分けて、一つずつ数えます。"
                       "ネットワークが切れても、受け取った文章は消えません。モデルを並べて比べるこ"
                       "とができ、速さと値段が見えます。"
                       "昨日の夜は雨が降りましたが、今朝は空がとても青いです。駅の前の店でコーヒー"
                       "を飲みながら、新しい本を読みました。");
    return text;
}

const QString &koreanText()
{
    static const QString text = QStringLiteral("이 프로그램은 대답 하나에 얼마가 드는지 항상 알려 "
                                               "줍니다. 글을 작은 조각으로 나누고 하나씩 셉니다. "
                                               "네트워크가 끊어져도 받은 글은 사라지지 않습니다. "
                                               "오늘 아침에는 비가 그치고 하늘이 맑았습니다. ");
    return text;
}

QStringList characters(const QString &text)
{
    QStringList all;
    for (const QChar c : text)
        all.append(c);
    return all;
}

QString madeUpWord(Dice &dice)
{
    static const QStringList syllables =
        QStringLiteral("ba ter con fir lo mi sta ven quo ry ger ness phi tro ul ex za wi ken dor")
            .split(u' ');
    QString word;
    for (qsizetype i = 2 + dice.roll(3); i > 0; --i)
        word += dice.pick(syllables);
    return word;
}

QByteArray prose()
{
    Dice dice(1);
    Chain words(licenceWords());
    static const QStringList asides =
        QStringLiteral(
            "don't|it's|we'll|they've|I'm|you'd|DON'T|naïve|Zürich|œuvre|façade|Łódź|Ελλάδα|Москва")
            .split(u'|');
    QString text;
    qsizetype column = 0;
    while (text.size() < CorpusBytes) {
        QString word = words.next(dice);
        if (dice.oneIn(40))
            word = dice.pick(asides);
        else if (dice.oneIn(25))
            word = madeUpWord(dice);
        else if (dice.oneIn(60))
            word = QString::number(dice.roll(100'000));
        column += word.size() + 1;
        text += word;
        if (column > 72) {
            text += dice.oneIn(6) ? u"\n\n    "_s : u"\n"_s;
            column = 0;
        } else {
            text += dice.oneIn(30) ? u" — "_s : u" "_s;
        }
    }
    return text.toUtf8();
}

QString identifier(Dice &dice, Chain &words)
{
    QString name;
    const bool isSnake = dice.oneIn(3);
    for (qsizetype i = 1 + dice.roll(3); i > 0; --i) {
        QString word;
        for (const QChar c : words.next(dice)) {
            if (c.isLetter())
                word += c.toLower();
        }
        if (word.isEmpty())
            word = u"x"_s;
        if (!name.isEmpty() && isSnake)
            name += u'_';
        else if (!name.isEmpty())
            word[0] = word.at(0).toUpper();
        name += word;
    }
    return name;
}

//! Braces, not the arguments of a call or operands of +: these have no order, and the dice need
//! one.
QString filled(QString pattern, const QStringList &values)
{
    qsizetype at = 0;
    for (const QString &value : values) {
        at = pattern.indexOf(u'%', at);
        pattern.replace(at, 1, value);
        at += value.size();
    }
    return pattern;
}

QString codeLine(Dice &dice, Chain &words)
{
    const auto name = [&] { return identifier(dice, words); };
    const auto number = [&](qsizetype below) { return QString::number(dice.roll(below)); };
    switch (dice.roll(9)) {
    case 0:
        return filled(u"auto % = %(%, \"%\");"_s, {name(), name(), number(5000), name()});
    case 1:
        return filled(u"if (% != nullptr && !%.isEmpty()) {"_s, {name(), name()});
    case 2:
        return filled(u"// % % %"_s, {words.next(dice), words.next(dice), words.next(dice)});
    case 3:
        return filled(u"return %->%[%] << 0x%;"_s,
                      {name(), name(), name(), QString::number(dice.roll(1 << 24), 16)});
    case 4:
        return filled(u"for (std::size_t i = 0; i < %.size(); ++i)"_s, {name()});
    case 5:
        return filled(u"std::vector<%> m_%{};"_s, {name(), name()});
    case 6:
        return filled(u"{\"%\": %.%, \"%\": [null, true]},"_s,
                      {name(), number(100), number(1000), name()});
    case 7:
        return filled(u"#define %_% (% / 2)"_s, {name().toUpper(), name().toUpper(), name()});
    default:
        return dice.oneIn(2) ? u"}"_s : QString();
    }
}

QByteArray code()
{
    Dice dice(2);
    Chain words(licenceWords());
    QString text;
    while (text.size() < CorpusBytes) {
        const qsizetype depth = dice.roll(5);
        text += dice.oneIn(12) ? QString(depth, u'\t') : QString(4 * depth, u' ');
        text += codeLine(dice, words);
        text += dice.oneIn(40) ? u"\r\n"_s : u"\n"_s;
    }
    return text.toUtf8();
}

QByteArray chat()
{
    Dice dice(3);
    Chain words(licenceWords());
    QString text;
    const auto sentence = [&](qsizetype length) {
        QStringList all;
        for (qsizetype i = 0; i < length; ++i)
            all.append(words.next(dice));
        return all.join(u' ');
    };
    for (int part = 1; text.size() < CorpusBytes; ++part) {
        text += filled(u"\n## %. %\n\n%\n\n"_s, {QString::number(part), sentence(3), sentence(40)});
        for (int i = 0; i < 4; ++i)
            text += filled(u"- **%**: % `%()` ✅\n"_s,
                           {words.next(dice), sentence(6), identifier(dice, words)});
        text += u"\n| name | value |\n|---|---:|\n"_s;
        for (int i = 0; i < 3; ++i)
            text +=
                filled(u"| % | % |\n"_s, {words.next(dice), QString::number(dice.roll(10'000))});
        text += u"\n```cpp\n"_s;
        for (int i = 0; i < 5; ++i)
            text += filled(u"    %\n"_s, {codeLine(dice, words)});
        text += filled(u"```\n\n> % 😀👍🏽\n"_s, {sentence(12)});
    }
    return text.toUtf8();
}

QByteArray cjk(bool isMixed)
{
    Dice dice(isMixed ? 4 : 5);
    Chain chinese(characters(chineseText())), japanese(characters(japaneseText()));
    Chain korean(characters(koreanText())), words(licenceWords());
    QString text;
    qsizetype bytes = 0;
    while (bytes < CorpusBytes) {
        const qsizetype kind = dice.roll(isMixed ? 8 : 5);
        QString part;
        if (kind >= 5) {
            part =
                filled(u" % % "_s, {words.next(dice), kind == 7 ? QString::number(dice.roll(3000))
                                                                : words.next(dice)});
        } else {
            Chain &chain = kind < 3 ? chinese : kind == 3 ? japanese : korean;
            for (qsizetype i = 5 + dice.roll(40); i > 0; --i) {
                const QString &next = chain.next(dice);
                part += isMixed || next != u" "_s ? next : QString();
                if (dice.oneIn(15)) // a rare one
                    part += QChar(static_cast<ushort>(0x4E00 + dice.roll(0x5200)));
            }
        }
        if (dice.oneIn(12))
            part += u'\n';
        bytes += part.toUtf8().size();
        text += part;
    }
    return text.toUtf8();
}

QByteArray repeated(const QByteArray &unit)
{
    return unit.repeated(PathologicalBytes / unit.size());
}

QByteArray randomLetters(char first, qsizetype letters)
{
    Dice dice(6);
    QByteArray text;
    text.reserve(PathologicalBytes);
    while (text.size() < PathologicalBytes)
        text += static_cast<char>(first + dice.roll(letters));
    return text;
}

//! What a text is made of: its characters come from one alphabet, or from all code points.
QString randomText(Dice &dice, const QList<QStringList> &alphabets)
{
    const qsizetype kind = dice.roll(alphabets.size() + 3);
    const qsizetype length = dice.oneIn(50) ? dice.roll(400) : dice.roll(40);
    QString text;
    const auto anything = [&dice] {
        char32_t c = 0;
        do {
            c = static_cast<char32_t>(dice.roll(dice.oneIn(2) ? 0x3000 : 0x110000));
        } while (c >= 0xD800 && c < 0xE000);
        return QString::fromUcs4(&c, 1);
    };
    while (text.size() < length) {
        if (kind < alphabets.size())
            text += dice.pick(alphabets.at(kind));
        else if (kind == alphabets.size())
            text += dice.pick(dice.pick(alphabets));
        else if (kind == alphabets.size() + 1)
            text += dice.pick(dice.pick(alphabets)).repeated(dice.roll(20));
        else
            text += anything();
    }
    return text;
}

QList<QStringList> alphabets()
{
    QStringList ascii;
    for (char16_t c = 1; c < 128; ++c)
        ascii.append(QChar(c));
    const auto list = [](const QString &characters) {
        QStringList all;
        for (const QStringView one : QStringTokenizer(characters, u'|'))
            all.append(one.toString());
        return all;
    };
    const QString lineEnds =
        QStringLiteral("\n|\r|\r\n| |\t|\u00A0|\u0085|\u2028|\u3000|\u200B|\uFEFF|\v|x|.|/");
    return {
        ascii,
        licenceWords(),
        list(QStringLiteral(
            "'|s|S|t|re|RE|rE|ve|VE|m|ll|LL|lL|d|D|\u017F|\u2019| |a|A|\u00E9|\u212A")),
        list(lineEnds),
        list(QStringLiteral(
            "a|B|c|D|\u01C5|\u02B0|\u4E2D|\u0301|\u0300|\u0903|Z|z|'s| |.|\u10D0|\u1C90")),
        list(QStringLiteral(
            "1|22|333|4444|\u0663|\u2167|\u00BD|\uFF15|\U0001D7D8|.|,| |-|a|\u00B2")),
        list(QStringLiteral("!|?|/|//|\\|#|$|_|__|--|==|\n|\r\n| |(|)|{|}|;|\u2026|\u20AC|\u0301")),
        characters(chineseText() + japaneseText()),
        list(QStringLiteral("\U0001F469|\u200D|\U0001F4BB|\uFE0F|\U0001F3FD|\u2764|"
                            "\U0001F1E9\U0001F1EA|a| |\u20E3|1")),
        list(QStringLiteral("\u0430|\u0411|\u05D0|\u0627|\u064E|\u0E01|\u0E31|\u0905|\u093F|\uAC00|"
                            "\u1100|\u00DF|\u0130|\u0131| |'")),
        list(QStringLiteral("<|endoftext||>|<|fim_prefix||>|<|\u007C|>|im_start|end"))};
}

} // namespace

QList<Corpus> corpora()
{
    return {{"prose", prose()},
            {"code", code()},
            {"chat", chat()},
            {"mixed-cjk", cjk(true)},
            {"cjk", cjk(false)}};
}

QList<Corpus> pathologicalTexts()
{
    return {{"one-letter", repeated("a")},
            {"underscores", repeated("_")},
            {"spaces", repeated(" ")},
            {"line-ends", repeated("\n")},
            {"letters-without-spaces", randomLetters('a', 26)},
            {"two-letters", randomLetters('a', 2)},
            {"symbols-without-spaces", randomLetters('!', 15)},
            {"emoji-families", repeated("\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB")},
            {"one-ideograph", repeated("\xE4\xB8\xAD")},
            {"ideograph-then-capitals", "\xE4\xB8\xAD" + repeated("A")}};
}

QList<QByteArray> randomTexts(int count)
{
    Dice dice(7);
    const QList<QStringList> all = alphabets();
    QList<QByteArray> texts;
    texts.reserve(count);
    for (int i = 0; i < count; ++i)
        texts.append(randomText(dice, all).toUtf8());
    return texts;
}

void IdHash::add(std::uint32_t id)
{
    for (int byte = 0; byte < 4; ++byte) {
        m_value = (m_value ^ (id & 255U)) * 16'777'619U;
        id >>= 8U;
    }
}

} // namespace tests
