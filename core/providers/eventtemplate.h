#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <optional>
#include <string_view>

namespace core {

//! The shape that one text event of a stream shares with the next: thousands of events differ in
//! one string. An event that has the learnt bytes around that string means the learnt event with
//! another text, so that it need not be parsed again. Padding that a service varies in each event
//! (OpenAI's "obfuscation") may differ, too.
//!
//! Only for events that do nothing but say text, and only until another event comes: whoever uses
//! it calls forget() then.
class EventTemplate
{
public:
    //! \p key names the string member that holds the text, such as "content".
    explicit EventTemplate(std::string_view key);

    //! Learns from \p data, whose whole meaning was \p text. Does nothing where the place of the
    //! text is not beyond doubt.
    void learn(QByteArrayView name, QByteArrayView data, const QString &text);
    void forget() { m_known = false; }

    //! The text of \p data if it is the learnt event with another text.
    [[nodiscard]] std::optional<QString> match(QByteArrayView name, QByteArrayView data) const;

private:
    QByteArray m_key;    //!< "\"content\":\"", up to the value.
    QByteArray m_name;   //!< Of the event.
    QByteArray m_head;   //!< Up to the first hole.
    QByteArray m_middle; //!< Between the holes; with one hole empty.
    QByteArray m_tail;   //!< Behind the last hole.
    bool m_known = false;
    bool m_hasPadding = false;
    bool m_paddingFirst = false;
};

} // namespace core
