#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

#include <optional>
#include <string_view>
#include <vector>

namespace core {

//! The body of a JSON string, as it stands in an event: valid as long as that event's bytes.
class JsonText
{
public:
    JsonText(QByteArrayView body, bool hasEscapes)
        : m_body(body)
        , m_hasEscapes(hasEscapes)
    {
    }

    [[nodiscard]] bool isEmpty() const { return m_body.isEmpty(); }
    [[nodiscard]] QString toString() const;
    void appendTo(QString &text) const;

private:
    [[nodiscard]] bool isAscii() const;

    QByteArrayView m_body;
    bool m_hasEscapes;
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
    [[nodiscard]] std::optional<JsonText> match(QByteArrayView name, QByteArrayView data) const;

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
    [[nodiscard]] static std::optional<JsonText> take(QByteArrayView &rest, Hole hole);

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
