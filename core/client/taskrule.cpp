#include "core/client/taskrule.h"

#include "core/client/tokenestimate.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <array>

namespace core {

namespace {

//! What is read of a text: what is longer is Long anyhow, and the rule runs while one types.
constexpr qsizetype MostRead = 32'768;

//! Each shows code by itself: hardly anybody writes so by chance.
constexpr std::array CodeShapes{
    R"(^\s*#include\s*[<"])",
    R"(^\s*(?:async\s+)?def\s+\w+\s*\()",
    R"(^\s*(?:export\s+)?(?:async\s+)?function\s*\w*\s*\([^)]{0,300}\)\s*\{)",
    R"(^\s*(?:pub\s+)?fn\s+\w+[<(])",
    R"(^\s*func\s+(?:\([^)]*\)\s*)?\w+\()",
    R"(^\s*(?:public|private|protected)\s+(?:static\s+|final\s+|abstract\s+)*[\w<>\[\]]+\s+\w+\s*[({=;])",
    R"(^\s*(?:const|let|var)\s+\w+\s*=\s*\S)",
    R"(\bSELECT\b[^\n]{1,400}\bFROM\s+\w)", // English would not shout both
    R"(^\s*Traceback \(most recent call last\))",
    R"(^\s*at\s+[\w$.<>]+\([\w.]+:\d+\))", // a frame of a stack trace
    R"(^\s*File "[^"\n]+", line \d+)",
    R"(\b(?:Segmentation fault|NullPointerException|undefined reference to|SyntaxError:|TypeError:))",
    R"(\b\w+::\w+(?:\(|<|::))",
    // Statements that stand amid a sentence.
    R"(\bfor\s*\([^;\n]{0,80}=[^;\n]{0,80};[^;\n]{0,80};[^;\n]{0,80}\))",
    R"(\bfor\s+\w+\s+in\s+[\w.]+\([^)\n]{0,80}\)\s*:)",
    R"(\b(?:if|while|switch)\s*\([^\n]{1,120}\)\s*\{)",
    R"(\b\w+\[\w+(?:\s*[-+]\s*\w+)?\]\s*=[^=])",
    R"(</?(?:div|span|html|body|script|table|form|template)\b[^>\n]{0,200}>)",
};

// A language and a thing that is written in it, near each other. Some languages have the name of
// something else: beside those, a thing must be one of programs alone, or stand right behind.
constexpr auto Languages =
    R"((?<![A-Za-z0-9_])(?:c\+\+|c#|javascript|typescript|golang|kotlin|php|haskell|sql|powershell|fortran|matlab|vba|css|html|regex)(?![A-Za-z0-9_]))";
constexpr auto NamedLikeOthers =
    R"((?<![A-Za-z0-9_])(?:python|java|rust|swift|ruby|perl|bash)(?![A-Za-z0-9_]))";
constexpr auto CodeThings =
    R"((?:\bfunctions?\b|\bscripts?\b|\bcode\b|\bsnippets?\b|\bunit tests?\b|\bcompil\w+|\brefactor\w*|\bfunktion(?:en)?\b|\bskripte?\b|\bfonctions?\b|\bfunci[oó]n(?:es)?\b|\bfunzion[ei]\b|\bfunç(?:ão|ões)\b|\bfuncties?\b|\bfunkcj[aęei]\b|\bфункци[юяи]\b|\bскрипт\w*|\bкод\b|函数|代码|脚本|関数|コード|スクリプト))";
constexpr auto OtherThings =
    R"((?:\bclass(?:es)?\b|\bmethods?\b|\bquer(?:y|ies)\b|\bloops?\b|\bbugs?\b|\bklassen?\b|\babfragen?\b|\brequêtes?\b|\bconsultas?\b))";

constexpr std::array MathsShapes{
    R"(\\(?:frac|int|sum|prod|sqrt|lim|begin|partial|nabla|cdot|mathbb|alpha|beta|theta|lambda|infty)\b)",
    R"([∫∑∏∂∇∀∃∈√])",
    R"(\b\d*[a-z]\s?\^\s?[\d({n-])",                              // x^2
    R"(\b\d*[a-z][²³]\s*[-+−*/=])",                               // x² +, not 50 m²
    R"(\b\d*[a-z]\s?[-+−*/]\s?\d*[a-z]?\s?=\s?-?\d)",             // 2x + 3 = 7
    R"(\bf\s?\(\s?x\s?\)\s?=)",                                   // f(x) =
    R"(\b(?:sin|cos|tan|log|ln|exp)\s?\(\s?\d*[a-z]\s?[)^+*/-])", // sin(x)
};

//! Numbers joined by operators. A date, a telephone number or opening hours have no such operator
//! as the second pattern wants.
constexpr auto Sum =
    R"(\(?\d+(?:[.,]\d+)?\)?(?:\s{0,2}[-+−*/×÷·^]\s{0,2}\(?[-−]?\d+(?:[.,]\d+)?\)?%?){2,20})";
constexpr auto SumOperator = R"([*×÷·^]|\s\+\s|[()])";

constexpr std::array MathsWords{
    // English
    R"(\bprove (?:that|by)\b)",
    R"(\btheorem\b)",
    R"(\b(?:integral|derivative|antiderivative) of\b)",
    R"(\bdefinite integral)",
    R"(\bdifferential equations?\b)",
    R"(\beigenvalues?\b)",
    R"(\bpolynomial)",
    R"(\bsolve (?:for [a-z]\b|the equation))",
    R"(\bdeterminant of\b)",
    R"(\bprobability (?:that|of)\b)",
    // German
    R"(\bbeweise[,:]? dass\b)",
    R"(\bdie ableitung\b)",
    R"(\bgleichung(?:en|ssystem)?\b)",
    R"(\bdas integral\b)",
    R"(\beigenwerte?\b)",
    R"(\bstammfunktion)",
    R"(\bwahrscheinlichkeit, dass\b)",
    // French, Spanish, Italian, Portuguese
    R"(\bdémontre[rz]? que\b)",
    R"(\bla dérivée\b)",
    R"(\bl['’]intégrale\b)",
    R"(\béquations?\b)",
    R"(\bdemuestra que\b)",
    R"(\bla derivada\b)",
    R"(\bla integral\b)",
    R"(\becuaci(?:ón|ones)\b)",
    R"(\bdimostra(?:re)? che\b)",
    R"(\bla derivata\b)",
    R"(\bl['’]integrale\b)",
    R"(\bequazion[ei]\b)",
    R"(\bprove que\b)",
    R"(\ba derivada\b)",
    R"(\bequaç(?:ão|ões)\b)",
    R"(\bteorema\b)",
    // Dutch, Polish, Russian
    R"(\bbewijs dat\b)",
    R"(\bde afgeleide\b)",
    R"(\budowodnij\b)",
    R"(\brównani[ea]\b)",
    R"(\bpochodn[aą] funkcji)",
    R"(\bдокажи(?:те)?\b)",
    R"(\bинтеграл)",
    R"(\bуравнени)",
    R"(\bпроизводн\w+ функции)",
    R"(\bтеорем)",
    // Chinese and Japanese
    "解方程",
    "方程组",
    "微分方程",
    "定积分",
    "不定积分",
    "的导数",
    "定理",
    "方程式",
    "微分して",
    "積分",
};

constexpr std::array ReasoningWords{
    // English
    R"(\bstep[ -]by[ -]step\b)",
    R"(\bthink (?:hard|carefully|it through|this through)\b)",
    R"(\bexplain (?:to me )?why\b)",
    R"((?:^|[.!?:]\s+)(?:please |now )?compare\s)",
    R"(\b(?:can|could) you compare\b)",
    R"(\bpros and cons\b)",
    R"(\btrade-?offs?\b)",
    R"(\b(?:make|draw up|write|create|give|design|develop|work out)\s(?:me |us )?(?:a|an|the|my|our)\s(?:[\w-]+\s){0,3}(?:plan|strategy|roadmap)\b)",
    // German
    R"(\bschritt für schritt\b)",
    R"(\berklär\w* (?:mir )?(?:bitte )?(?:genau )?(?:,\s?)?(?:warum|weshalb|wieso)\b)",
    R"(\berklär\w*(?: mir)?, (?:warum|weshalb|wieso)\b)",
    R"((?:^|[.!?:]\s+)(?:bitte )?vergleiche?\s)",
    R"(\bvor- und nachteile\b)",
    R"(\bwäge\b[^.\n]{0,80}\bab\b)",
    // French
    R"(\bétape par étape\b)",
    R"(\bexplique[rz]?(?:-moi)? pourquoi\b)",
    R"((?:^|[.!?:]\s+)compare[rz]?\s)",
    R"(\bavantages et (?:les )?inconvénients\b)",
    // Spanish, Italian, Portuguese
    R"(\bpaso a paso\b)",
    R"(\bexplica(?:me)? por qué\b)",
    R"((?:^|[.!?:]\s+)compara\s)",
    R"(\b(?:pros y contras|ventajas y desventajas)\b)",
    R"(\bpasso (?:dopo|per|a) passo\b)",
    R"(\bspiega(?:mi)? perché\b)",
    R"((?:^|[.!?:]\s+)confronta\s)",
    R"(\bpro e contro\b)",
    R"(\bvantaggi e svantaggi\b)",
    R"(\bexplique por que\b)",
    R"(\b(?:prós e contras|vantagens e desvantagens)\b)",
    // Dutch, Polish, Russian
    R"(\bstap voor stap\b)",
    R"(\bleg uit waarom\b)",
    R"((?:^|[.!?:]\s+)vergelijk\s)",
    R"(\bvoor- en nadelen\b)",
    R"(\bkrok po kroku\b)",
    R"(\bwyjaśnij, dlaczego\b)",
    R"(\bporównaj\b)",
    R"(\bwady i zalety\b)",
    R"(\bшаг за шагом\b)",
    R"(\bпошагово\b)",
    R"(\bобъясни(?:те)?, почему\b)",
    R"(\bсравни(?:те)?\b)",
    R"(\bплюсы и минусы\b)",
    // Chinese and Japanese
    "一步一步",
    "一步步",
    "逐步",
    "优缺点",
    "比较一下",
    "解释为什么",
    "ステップバイステップ",
    "段階的に",
    "比較して",
    "メリットとデメリット",
    "理由を説明",
};

enum class Case { Matters, DoesNot };

QRegularExpression compiled(const QString &pattern, Case letters)
{
    QRegularExpression::PatternOptions options =
        QRegularExpression::UseUnicodePropertiesOption | QRegularExpression::MultilineOption;
    if (letters == Case::DoesNot)
        options |= QRegularExpression::CaseInsensitiveOption;
    QRegularExpression expression(pattern, options);
    Q_ASSERT(expression.isValid());
    expression.optimize();
    return expression;
}

template <std::size_t Count>
QRegularExpression anyOf(const std::array<const char *, Count> &patterns, Case letters)
{
    QStringList all;
    for (const char *pattern : patterns)
        all.append(QStringLiteral("(?:%1)").arg(QString::fromUtf8(pattern)));
    return compiled(all.join(QLatin1Char('|')), letters);
}

QRegularExpression codeWords()
{
    const QString clear = QString::fromUtf8(Languages);
    const QString unclear = QString::fromUtf8(NamedLikeOthers);
    const QString things = QString::fromUtf8(CodeThings);
    const QString others = QString::fromUtf8(OtherThings);
    const QString near = QStringLiteral("[^.!?\\n]{0,40}");
    const QString any = QStringLiteral("(?:%1|%2)").arg(things, others);
    const QString language = QStringLiteral("(?:%1|%2)").arg(clear, unclear);
    const QStringList ways{language + near + things, things + near + language, clear + near + any,
                           any + near + clear, unclear + QStringLiteral("\\s") + others};
    return compiled(ways.join(QLatin1Char('|')), Case::DoesNot);
}

//! Verse ends in a semicolon too, but has none of the joints of code.
bool isCodeLine(QStringView line)
{
    static const QRegularExpression joints(QStringLiteral(R"([(){}\[\]=]|->|::|\+\+)"));
    const QStringView bare = line.trimmed();
    const bool endsSo = bare.endsWith(QLatin1Char(';')) || bare.endsWith(QLatin1Char('{')) ||
                        bare.endsWith(QLatin1StringView("=>"));
    return endsSo && joints.match(bare.toString()).hasMatch();
}

bool isFence(QStringView line)
{
    const QStringView bare = line.trimmed();
    return bare.startsWith(QLatin1StringView("```")) || bare.startsWith(QLatin1StringView("~~~"));
}

//! What the user says: without addresses, and without what somebody else wrote.
QString ownWords(QStringView text)
{
    static const QRegularExpression address(QStringLiteral(R"((?:https?://|www\.)\S+)"));
    QStringList own;
    for (const QStringView line : text.left(MostRead).split(QLatin1Char('\n'))) {
        const QStringView bare = line.trimmed();
        if (bare.startsWith(QLatin1StringView("-----Original Message")))
            break;
        if (!bare.startsWith(QLatin1Char('>')))
            own.append(line.toString());
    }
    return own.join(QLatin1Char('\n')).remove(address);
}

//! \p text without its fenced blocks: what stands in them is code and nothing else.
QString prose(const QString &text)
{
    QStringList lines;
    bool inside = false;
    for (const QString &line : text.split(QLatin1Char('\n'))) {
        if (isFence(line))
            inside = !inside;
        else if (!inside)
            lines.append(line);
    }
    return lines.join(QLatin1Char('\n'));
}

bool isAskedFor(const QString &effort)
{
    static const QStringList little{QString(), QStringLiteral("none"), QStringLiteral("minimal"),
                                    QStringLiteral("low")};
    return !little.contains(effort);
}

//! Nearer to what tokenizers count than the middle, for prose and for code alike.
std::int64_t tokensOf(const ChatRequest &request)
{
    const TokenEstimate estimate = estimateInput(request);
    return estimate.low() + (estimate.high() - estimate.low()) / 4;
}

const Message *lastQuestion(const ChatRequest &request)
{
    const auto found = std::find_if(request.messages.crbegin(), request.messages.crend(),
                                    [](const Message &each) { return each.role == Role::User; });
    return found == request.messages.crend() ? nullptr : &*found;
}

bool hasFiles(const Message &question)
{
    return std::any_of(question.parts.begin(), question.parts.end(), [](const ContentPart &part) {
        return std::holds_alternative<AttachmentPart>(part);
    });
}

} // namespace

bool hasCode(QStringView text)
{
    static const QRegularExpression shapes = anyOf(CodeShapes, Case::Matters);
    static const QRegularExpression words = codeWords();
    const QString own = ownWords(text);
    int lines = 0;
    for (const QStringView line : QStringView(own).split(QLatin1Char('\n'))) {
        if (isFence(line))
            return true;
        lines += isCodeLine(line) ? 1 : 0;
    }
    return lines >= 2 || shapes.match(own).hasMatch() || words.match(own).hasMatch();
}

bool hasMaths(QStringView text)
{
    static const QRegularExpression shapes = anyOf(MathsShapes, Case::Matters);
    static const QRegularExpression words = anyOf(MathsWords, Case::DoesNot);
    static const QRegularExpression sum = compiled(QString::fromUtf8(Sum), Case::Matters);
    static const QRegularExpression joined =
        compiled(QString::fromUtf8(SumOperator), Case::Matters);
    const QString own = prose(ownWords(text));
    if (shapes.match(own).hasMatch() || words.match(own).hasMatch())
        return true;
    for (auto sums = sum.globalMatch(own); sums.hasNext();) {
        if (joined.match(sums.next().captured()).hasMatch())
            return true;
    }
    return false;
}

bool asksForReasoning(QStringView text)
{
    static const QRegularExpression words = anyOf(ReasoningWords, Case::DoesNot);
    return words.match(prose(ownWords(text))).hasMatch();
}

Task taskOf(const ChatRequest &request)
{
    Task task;
    task.tokens = tokensOf(request);
    const Message *question = lastQuestion(request);
    const QString text = question ? textOf(question->parts) : QString();
    const auto note = [&task](TaskReason reason, bool holds) {
        if (holds)
            task.reasons.append(reason);
    };
    note(TaskReason::Long, task.tokens >= LongPromptTokens);
    note(TaskReason::Code, hasCode(text));
    note(TaskReason::Maths, hasMaths(text));
    note(TaskReason::Reasoning,
         isAskedFor(request.options.reasoningEffort) || asksForReasoning(text));
    note(TaskReason::Files, question && hasFiles(*question));
    note(TaskReason::Structured, !request.tools.isEmpty() || !request.options.jsonSchema.isEmpty());
    return task;
}

} // namespace core
