#include "core/conversation/messagecap.h"

#include <QCoreApplication>

namespace core {

namespace {

const QString Command = QStringLiteral("/max");

} // namespace

std::optional<PicoUsd> capFrom(const QString &amount)
{
    constexpr std::int64_t CentsADollar = 100;
    QString number = amount.trimmed();
    const bool cents = number.endsWith(QLatin1Char('c')) || number.endsWith(QChar(0x00A2));
    if (cents)
        number.chop(1);
    else if (number.startsWith(QLatin1Char('$')))
        number = number.mid(1);
    std::optional<PicoUsd> money = PicoUsd::fromDecimal(number);
    if (money && cents)
        money = money->scaled(1, CentsADollar);
    return money && *money > PicoUsd() ? money : std::nullopt;
}

Result<CappedText> withoutCap(const QString &typed)
{
    const QStringView text = QStringView(typed).trimmed(); // a long one is not copied to see
    const bool begins =
        text == Command || (text.startsWith(Command) && text.at(Command.size()).isSpace());
    if (!begins)
        return CappedText{typed, {}};
    const QStringView rest = text.mid(Command.size()).trimmed();
    qsizetype end = 0;
    while (end < rest.size() && !rest.at(end).isSpace())
        ++end;
    const auto cap = capFrom(rest.first(end).toString());
    if (cap)
        return CappedText{rest.mid(end).trimmed().toString(), cap};
    return rejected(QCoreApplication::translate(
        "core::Conversation", "Write the most that the message may cost behind /max, like "
                              "\"/max 5c\" or \"/max $0.05\", then the message."));
}

} // namespace core
