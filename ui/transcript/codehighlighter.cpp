#include "ui/transcript/codehighlighter.h"

#include <QElapsedTimer>
#include <QHash>

#include <srchilite/formatter.h>
#include <srchilite/formattermanager.h>
#include <srchilite/formatterparams.h>
#include <srchilite/langdefmanager.h>
#include <srchilite/regexrulefactory.h>
#include <srchilite/settings.h>
#include <srchilite/sourcehighlighter.h>

#include <exception>

namespace ui {

namespace {

constexpr qsizetype LongestLine = 500;
constexpr qint64 Budget = 4;

//! The definition file of a language, or null.
const char *definitionOf(const QString &language)
{
    static const QHash<QString, const char *> files = [] {
        QHash<QString, const char *> map;
        const auto add = [&map](const char *file, std::initializer_list<const char *> names) {
            for (const char *name : names)
                map.insert(QString::fromLatin1(name), file);
        };
        add("cpp.lang", {"c++", "cpp", "cc", "cxx", "h", "hpp"});
        add("c.lang", {"c"});
        add("csharp.lang", {"c#", "cs", "csharp"});
        add("css.lang", {"css"});
        add("diff.lang", {"diff", "patch"});
        add("go.lang", {"go", "golang"});
        add("haskell.lang", {"haskell", "hs"});
        add("html.lang", {"html"});
        add("java.lang", {"java"});
        add("javascript.lang", {"javascript", "js", "jsx"});
        add("json.lang", {"json"});
        add("latex.lang", {"latex", "tex"});
        add("lua.lang", {"lua"});
        add("makefile.lang", {"makefile", "make"});
        add("perl.lang", {"perl"});
        add("php.lang", {"php"});
        add("python.lang", {"python", "py"});
        add("ruby.lang", {"ruby", "rb"});
        add("rust.lang", {"rust", "rs"});
        add("scala.lang", {"scala"});
        add("sh.lang", {"sh", "bash", "shell", "zsh"});
        add("sql.lang", {"sql"});
        add("xml.lang", {"xml", "svg"});
        return map;
    }();
    return files.value(language.toLower(), nullptr);
}

enum class CodeColor { Keyword, String, Comment, Number, Function };

struct Run
{
    int start = 0; // bytes of the line
    int length = 0;
    CodeColor color = CodeColor::Keyword;
};

//! Where the library says what it found.
class Collector final : public srchilite::Formatter
{
public:
    Collector(QList<Run> &runs, CodeColor color)
        : m_runs(runs)
        , m_color(color)
    {
    }
    void format(const std::string &text, const srchilite::FormatterParams *params) override
    {
        if (params && params->start >= 0)
            m_runs.append({params->start, int(text.size()), m_color});
    }

private:
    QList<Run> &m_runs;
    CodeColor m_color;
};

class Silent final : public srchilite::Formatter
{
public:
    void format(const std::string &, const srchilite::FormatterParams *) override {}
};

srchilite::HighlightStatePtr startState(const char *file)
{
    static srchilite::RegexRuleFactory rules;
    static srchilite::LangDefManager definitions(&rules);
    static QHash<QString, srchilite::HighlightStatePtr> states;
    srchilite::HighlightStatePtr &state = states[QString::fromLatin1(file)];
    if (!state)
        state = definitions.getHighlightState(srchilite::Settings::retrieveDataDir(), file);
    return state;
}

void addFormatters(srchilite::FormatterManager &manager, QList<Run> &runs)
{
    const auto add = [&](CodeColor color, std::initializer_list<const char *> elements) {
        const srchilite::FormatterPtr formatter(new Collector(runs, color));
        for (const char *element : elements)
            manager.addFormatter(element, formatter);
    };
    add(CodeColor::Keyword, {"keyword", "type", "preproc", "selector", "property"});
    add(CodeColor::String, {"string", "specialchar", "regexp", "value"});
    add(CodeColor::Comment, {"comment", "url", "todo"});
    add(CodeColor::Number, {"number"});
    add(CodeColor::Function, {"function", "attribute", "classname"});
}

QColor colorOf(CodeColor color, const TranscriptStyle &style)
{
    switch (color) {
    case CodeColor::Keyword:
        return style.keyword;
    case CodeColor::String:
        return style.good;
    case CodeColor::Comment:
        return style.mutedText;
    case CodeColor::Number:
        return style.number;
    case CodeColor::Function:
        return style.function;
    }
    return style.text;
}

//! May throw: the library reads files and compiles expressions.
void highlight(const QString &code, const char *file, const TranscriptStyle &style,
               QList<QTextLayout::FormatRange> &formats)
{
    QElapsedTimer spent;
    srchilite::SourceHighlighter highlighter(startState(file));
    QList<Run> runs;
    srchilite::FormatterManager manager(srchilite::FormatterPtr(new Silent));
    addFormatters(manager, runs);
    highlighter.setFormatterManager(&manager);
    highlighter.setOptimize(false);
    srchilite::FormatterParams params;
    highlighter.setFormatterParams(&params);
    spent.start();
    for (qsizetype begin = 0; begin < code.size() && spent.elapsed() < Budget;) {
        const qsizetype newline = code.indexOf(u'\n', begin);
        const qsizetype end = newline < 0 ? code.size() : newline;
        const QByteArray line = QStringView(code).sliced(begin, end - begin).toUtf8();
        if (line.size() <= LongestLine) {
            runs.clear();
            params.start = 0;
            highlighter.highlightParagraph(line.toStdString());
            for (const Run &run : std::as_const(runs)) {
                const auto from =
                    QString::fromUtf8(line.first(std::min<qsizetype>(run.start, line.size())))
                        .size();
                const auto to =
                    QString::fromUtf8(
                        line.first(std::min<qsizetype>(run.start + run.length, line.size())))
                        .size();
                QTextLayout::FormatRange range;
                range.start = int(begin + from);
                range.length = int(to - from);
                range.format.setForeground(colorOf(run.color, style));
                formats.append(range);
            }
        }
        begin = end + 1;
    }
}

} // namespace

QList<QTextLayout::FormatRange> codeColors(const QString &code, const QString &language,
                                           const TranscriptStyle &style)
{
    QList<QTextLayout::FormatRange> formats;
    const char *file = definitionOf(language);
    if (!file)
        return formats;
    try {
        highlight(code, file, style, formats);
    } catch (const std::exception &) {
        formats.clear(); // a broken or missing definition: plain code
    }
    return formats;
}

} // namespace ui
