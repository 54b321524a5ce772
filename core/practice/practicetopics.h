#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace core {

//! One thing that the practice provider can tell about Farthing.
struct PracticeTopic
{
    QString heading;
    //! Lower-case words of a question that call the topic, or phrases joined by '-'.
    QStringList words;
    QString text; //!< Markdown.
};

[[nodiscard]] const QList<PracticeTopic> &practiceTopics();
//! A short program in the language that \p question names, fenced; empty if it names none.
[[nodiscard]] QString practiceCode(const QStringList &words);

} // namespace core
