#include "ui/transcript/codehighlighter.h"

#include "ui/transcript/codelanguages.h"

#include <QElapsedTimer>
#include <QFile>
#include <QHash>

#include <srchilite/formatter.h>
#include <srchilite/formattermanager.h>
#include <srchilite/formatterparams.h>
#include <srchilite/langdefmanager.h>
#include <srchilite/regexrulefactory.h>
#include <srchilite/settings.h>
#include <srchilite/sourcehighlighter.h>

#include <algorithm>
#include <exception>

namespace ui {

namespace {

constexpr qsizetype LongestLine = 500;
constexpr qint64 Budget = 4;

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

srchilite::HighlightStatePtr startState(const LanguageDefinition &definition)
{
    static srchilite::RegexRuleFactory rules;
    static srchilite::LangDefManager definitions(&rules);
    static QHash<QString, srchilite::HighlightStatePtr> states;
    srchilite::HighlightStatePtr &state = states[definition.file];
    if (!state) {
        const QString folder = definition.folder.isEmpty()
                                   ? QString::fromStdString(srchilite::Settings::retrieveDataDir())
                                   : definition.folder;
        state = definitions.getHighlightState(QFile::encodeName(folder).toStdString(),
                                              definition.file.toStdString());
    }
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

} // namespace

struct CodeHighlighter::Engine
{
    explicit Engine(const srchilite::HighlightStatePtr &start)
        : highlighter(start)
        , manager(srchilite::FormatterPtr(new Silent))
    {
        addFormatters(manager, runs);
        highlighter.setFormatterManager(&manager);
        highlighter.setOptimize(false);
        highlighter.setFormatterParams(&params);
        keep();
    }
    void keep()
    {
        state = highlighter.getCurrentState();
        stack = *highlighter.getStateStack();
    }
    void restore()
    {
        highlighter.setCurrentState(state);
        highlighter.setStateStack(
            srchilite::HighlightStateStackPtr(new srchilite::HighlightStateStack(stack)));
    }

    srchilite::SourceHighlighter highlighter;
    srchilite::FormatterManager manager;
    srchilite::FormatterParams params;
    QList<Run> runs;
    srchilite::HighlightStatePtr state; // after the last finished line
    srchilite::HighlightStateStack stack;
};

CodeHighlighter::CodeHighlighter(const QString &language, const TranscriptStyle &style,
                                 const CodeHighlighter *before)
    : m_language(language)
    , m_style(style)
{
    const std::optional<LanguageDefinition> definition = languageDefinition(language);
    if (!definition)
        return;
    // The library reads files and compiles expressions, and throws what it likes.
    try {
        m_engine = std::make_unique<Engine>(startState(*definition));
    } catch (const std::exception &) {
        return; // a broken or missing definition: plain code
    }
    if (before && before->m_engine && before->m_language == language) {
        // Its last line has no end of its own; its state stands in the highlighter.
        m_engine->state = before->m_engine->highlighter.getCurrentState();
        m_engine->stack = *before->m_engine->highlighter.getStateStack();
    }
}

CodeHighlighter::~CodeHighlighter() = default;

void CodeHighlighter::readLine(const QString &code, qsizetype begin, qsizetype end)
{
    const QByteArray line = QStringView(code).sliced(begin, end - begin).toUtf8();
    if (line.size() > LongestLine)
        return;
    ++m_linesRead;
    m_engine->runs.clear();
    m_engine->params.start = 0;
    m_engine->highlighter.highlightParagraph(line.toStdString());
    const bool ascii = line.size() == end - begin;
    const auto characters = [&line, ascii](qsizetype bytes) {
        bytes = std::clamp<qsizetype>(bytes, 0, line.size());
        return ascii ? bytes : QString::fromUtf8(line.first(bytes)).size();
    };
    for (const Run &run : std::as_const(m_engine->runs)) {
        const qsizetype from = characters(run.start);
        QTextLayout::FormatRange range;
        range.start = int(begin + from);
        range.length = int(characters(run.start + run.length) - from);
        range.format.setForeground(colorOf(run.color, m_style));
        m_formats.append(range);
    }
}

QList<QTextLayout::FormatRange> CodeHighlighter::colors(const QString &code)
{
    if (!m_engine)
        return {};
    if (!code.startsWith(QStringView(m_code).first(m_finished))) {
        try {
            m_engine = std::make_unique<Engine>(m_engine->highlighter.getMainState());
        } catch (const std::exception &) {
            m_engine.reset();
            return {};
        }
        m_finished = m_finishedFormats = 0;
    }
    m_code = code;
    m_formats.resize(m_finishedFormats);
    QElapsedTimer spent;
    spent.start();
    try {
        m_engine->restore();
        while (m_finished < code.size() && spent.elapsed() < Budget) {
            const qsizetype newline = code.indexOf(u'\n', m_finished);
            readLine(code, m_finished, newline < 0 ? code.size() : newline);
            if (newline < 0)
                break;
            m_finished = newline + 1;
            m_finishedFormats = m_formats.size();
            m_engine->keep();
        }
    } catch (const std::exception &) {
        m_engine.reset();
        return {};
    }
    return m_formats;
}

} // namespace ui
