#pragma once

#include "ui/transcript/transcriptstyle.h"

#include <QList>
#include <QString>
#include <QTextLayout>

#include <memory>

namespace ui {

//! Colours of code that grows at its end, as a fence does while an answer streams. Finished lines
//! are read once: what they left open (a comment, a string) is kept, so that a token costs the line
//! it stands in. The language is a fence's info word, any case; if it is unknown the code is plain.
//!
//! Lines over 500 bytes stay plain, because the library's time grows with the square of a line's
//! length. One call reads for at most 4 ms; what is left is plain until the next one. Language
//! definitions are read once and kept. UI thread only.
class CodeHighlighter
{
public:
    //! \p before: of the code that this goes on with, if it was cut; only read here.
    CodeHighlighter(const QString &language, const TranscriptStyle &style,
                    const CodeHighlighter *before = nullptr);
    ~CodeHighlighter();
    Q_DISABLE_COPY_MOVE(CodeHighlighter)

    [[nodiscard]] const QString &language() const { return m_language; }

    //! Of the whole of \p code. If it does not begin with the lines that are known, it is read
    //! anew.
    [[nodiscard]] QList<QTextLayout::FormatRange> colors(const QString &code);
    [[nodiscard]] qsizetype linesRead() const { return m_linesRead; } //!< Since it was made.

private:
    struct Engine;
    void readLine(const QString &code, qsizetype begin, qsizetype end);

    QString m_language;
    TranscriptStyle m_style;
    std::unique_ptr<Engine> m_engine; //!< Null: plain.
    QString m_code;
    qsizetype m_finished = 0; //!< Characters of whole lines, their ends included.
    QList<QTextLayout::FormatRange> m_formats;
    qsizetype m_finishedFormats = 0;
    qsizetype m_linesRead = 0;
};

} // namespace ui
