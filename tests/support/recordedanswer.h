#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <optional>

namespace tests {

//! All that a recorded answer holds, read without any of the program's own decoders: from
//! `expected.json` beside the recording, else by a plain walk over the JSON of its data lines.
struct RecordedAnswer
{
    QByteArray textSha256; //!< Of the UTF-8 text, in hex.
    qsizetype textLength = 0;
    qsizetype reasoningLength = 0; //!< Code points, as textLength.
    QString reasoningStart;        //!< At most its first sixty; empty if the source does not say.
    QString reasoningEnd;          //!< At most its last sixty.
    QString toolArguments;         //!< Of all calls that are the reader's to run, one by one.
    std::optional<QStringList> toolNames; //!< None: the source does not say.
    std::optional<QString> finishRaw;     //!< The service's own word; none: it said none.
    QJsonObject usage; //!< By the names of `ask --json`: a count, or null where there is none.

    //! None if \p file has no entry and no lines that can be walked.
    [[nodiscard]] static std::optional<RecordedAnswer> of(const QString &file);
};

} // namespace tests
