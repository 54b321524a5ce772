#pragma once

#include <QString>

namespace core {

//! Takes away what a continuation repeats of the text that it continues: the longest end of that
//! text, up to 200 characters, with which the continuation begins. The continuation comes in
//! pieces; only what may still turn out to be a repetition is held back.
//!
//! Words repeat by themselves ("ha" + "ha"), so a short match is no repetition. Where the model was
//! given the text as the beginning of its own answer (Prefilled) it does not repeat it on purpose:
//! only long matches count. Where it was asked to go on (Asked) it also likes to begin the word
//! anew in which it was cut off. White space that stands on both sides is taken once. Plain value.
class OverlapFilter
{
public:
    enum class Kind { Prefilled, Asked };
    static constexpr qsizetype Longest = 200; //!< UTF-16 units.

    OverlapFilter(const QString &soFar, Kind kind);

    [[nodiscard]] QString take(const QString &piece); //!< What of it can be shown; may be empty.
    [[nodiscard]] QString finish();                   //!< The end: what was held back.

private:
    [[nodiscard]] bool mayGrow() const;
    [[nodiscard]] bool isRepetition(qsizetype length) const;
    [[nodiscard]] QString withoutRepetition();

    QString m_tail; //!< The end of the text so far.
    Kind m_kind;
    QString m_held;
    bool m_isDone = false;
};

} // namespace core
