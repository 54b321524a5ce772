#pragma once

#include "core/net/bytebuffer.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

#include <optional>
#include <string_view>
#include <vector>

namespace core {

//! Text of one event after the other, as UTF-8.
class Utf8Run
{
public:
    [[nodiscard]] bool isEmpty() const { return m_bytes.isEmpty(); }
    void clear()
    {
        m_bytes.clear();
        m_isAscii = true;
    }
    void append(QByteArrayView bytes, bool isAscii)
    {
        m_bytes.append(bytes);
        m_isAscii = m_isAscii && isAscii;
    }
    //! Appends all of it to \p text, and is empty then.
    void moveTo(QString &text);

private:
    ByteBuffer m_bytes;
    bool m_isAscii = true;
};

//! The body of a JSON string, as it stands in an event: valid as long as that event's bytes.
class JsonText
{
public:
    JsonText(QByteArrayView body, bool hasEscapes, bool isAscii)
        : m_body(body)
        , m_hasEscapes(hasEscapes)
        , m_isAscii(isAscii)
    {
    }

    [[nodiscard]] QString toString() const;
    //! False, and nothing is done: what stands before or behind it could change its meaning, as it
    //! is no whole UTF-8 at its ends.
    [[nodiscard]] bool appendTo(Utf8Run &run) const
    {
        if (!m_isAscii || m_hasEscapes)
            return appendOddTo(run);
        run.append(m_body, true);
        return true;
    }

private:
    [[nodiscard]] bool appendOddTo(Utf8Run &run) const;

    QByteArrayView m_body;
    bool m_hasEscapes;
    bool m_isAscii;
};

//! What in the events of a protocol differs from one to the next although they say nothing but
//! text.
struct EventShape
{
    std::string_view text = {}; //!< The member that holds the text; empty: no event repeats.
    std::string_view padding = "obfuscation"; //!< A string of no meaning.
    //! Whole numbers that change with each event; wherever they stand in it.
    std::vector<std::string_view> counters = {};
    bool spaces = false;       //!< Any number of spaces before the last brace.
    bool countersMean = false; //!< They are counts to report, else numbers of no meaning.
};

//! The shape that one text event of a stream shares with the next: thousands of events differ in
//! one string. An event that has the learnt bytes around that string means the learnt event with
//! another text, so that it need not be parsed again. What else an EventShape names may differ,
//! too.
//!
//! Only for events that do nothing but say text, and only until another event comes: whoever uses
//! it calls forget() then.
class EventTemplate
{
public:
    explicit EventTemplate(const EventShape &shape);

    //! Learns from \p data, whose whole meaning was \p text. Does nothing where the place of the
    //! text is not beyond doubt.
    void learn(QByteArrayView name, QByteArrayView data, const QString &text);
    void forget() { m_known = false; }

    //! The text of \p data if it is the learnt event with another text.
    [[nodiscard]] std::optional<JsonText> match(QByteArrayView name, QByteArrayView data) const
    {
        return name == m_name ? match(data) : std::nullopt;
    }
    //! The same for an event that has the name of the event before.
    [[nodiscard]] std::optional<JsonText> match(QByteArrayView data) const;

private:
    enum class Hole { Text, Padding, Number, Spaces };
    //! Bytes that are always the same, and what follows them.
    struct Piece
    {
        QByteArray literal;
        Hole hole = Hole::Text;
    };
    //! Where something that may differ lies.
    struct Span
    {
        qsizetype begin = 0;
        qsizetype end = 0;
        Hole hole = Hole::Text;
    };
    [[nodiscard]] static std::optional<Span> stringAt(QByteArrayView data, const QByteArray &key,
                                                      Hole hole);
    static void addNumbers(std::vector<Span> &holes, QByteArrayView data, const QByteArray &key);

    QByteArray m_textKey; //!< "\"content\":"
    QByteArray m_paddingKey;
    bool m_spaces;
    QList<QByteArray> m_counterKeys; //!< "\"sequence_number\":"
    QByteArray m_name;               //!< Of the event.
    std::vector<Piece> m_pieces;
    QByteArray m_tail; //!< Behind the last hole.
    bool m_known = false;
};

} // namespace core
