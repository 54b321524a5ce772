#include "ui/widgets/figures.h"

#include <QCoreApplication>
#include <QLocale>

namespace ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("figures", text);
}

//! Groups of three, by commas: figures look the same in every locale.
QString grouped(const QString &digits)
{
    QString result = digits;
    for (qsizetype at = digits.size() - 3; at > 0; at -= 3) {
        result.insert(at, QLatin1Char(','));
    }
    return result;
}

std::int64_t powerOfTen(int exponent)
{
    std::int64_t power = 1;
    for (int i = 0; i < exponent; ++i) {
        power *= 10;
    }
    return power;
}

//! A bound stays one: what may be less is cut, what may be more is raised.
enum class Rounding { HalfToEven, Down, Up };

//! \p count / \p unit; both at least 0.
std::int64_t rounded(std::int64_t count, std::int64_t unit,
                     Rounding rounding = Rounding::HalfToEven)
{
    const std::int64_t whole = count / unit;
    const std::int64_t rest = count % unit;
    bool up = rest > unit - rest || (rest == unit - rest && whole % 2 == 1);
    if (rounding != Rounding::HalfToEven)
        up = rounding == Rounding::Up && rest > 0;
    return up ? whole + 1 : whole;
}

QString exactDigits(core::PicoUsd amount)
{
    const QString decimal = amount.toDecimal();
    const qsizetype point = decimal.indexOf(QLatin1Char('.'));
    return point < 0 ? grouped(decimal) : grouped(decimal.first(point)) + decimal.sliced(point);
}

int decimalsFor(core::PicoUsd amount, Decimals decimals, Rounding rounding)
{
    if (decimals == Decimals::Figures) {
        return 4;
    }
    const std::int64_t thousandth = core::PicoUsd::PerDollar / 1000;
    return rounded(amount.count(), thousandth, rounding) < 1000 ? 3 : 2;
}

//! Digits without a dollar sign; \p amount is not negative. "<" leads where nothing would be left.
struct Digits
{
    QString text;
    bool below = false;
};

Digits digitsOf(core::PicoUsd amount, Decimals decimals, Rounding rounding = Rounding::HalfToEven)
{
    if (amount == core::PicoUsd()) {
        return {QStringLiteral("0"), false};
    }
    if (decimals == Decimals::Exact) {
        return {exactDigits(amount), false};
    }
    const int places = decimalsFor(amount, decimals, rounding);
    const std::int64_t perUnit = powerOfTen(places);
    const std::int64_t unit = core::PicoUsd::PerDollar / perUnit;
    const bool below = amount.count() < unit;
    const std::int64_t units = below ? 1 : rounded(amount.count(), unit, rounding);
    const QString fraction =
        QString::number(units % perUnit).rightJustified(places, QLatin1Char('0'));
    return {grouped(QString::number(units / perUnit)) + QLatin1Char('.') + fraction, below};
}

QString withDollar(const Digits &digits)
{
    return (digits.below ? QStringLiteral("<$") : QStringLiteral("$")) + digits.text;
}

QString amountText(const core::Cost &cost, Decimals decimals)
{
    const Digits low = digitsOf(cost.low, decimals, Rounding::Down);
    if (!cost.complete) {
        // What is known is next to nothing, what is not known may be anything.
        return low.below ? QStringLiteral("> $0") : QStringLiteral("≥ ") + withDollar(low);
    }
    if (const QString both = moneyText(cost.low, decimals);
        moneyText(cost.high, decimals) == both) {
        return both;
    }
    return QStringLiteral("%1 – %2").arg(withDollar(low),
                                         digitsOf(cost.high, decimals, Rounding::Up).text);
}

} // namespace

QString moneyText(core::PicoUsd amount, Decimals decimals)
{
    if (amount.count() >= 0) {
        return withDollar(digitsOf(amount, decimals));
    }
    // Corrections may be negative; the smallest value has no opposite and is shown as the largest.
    const core::PicoUsd opposite =
        amount.count() == INT64_MIN ? core::PicoUsd(INT64_MAX) : core::PicoUsd(-amount.count());
    return QStringLiteral("−$") + digitsOf(opposite, decimals).text;
}

QString rateText(core::PicoUsd perMillion)
{
    constexpr qsizetype Cents = 2;
    const QString text = moneyText(perMillion, Decimals::Exact);
    const qsizetype point = text.indexOf(QLatin1Char('.'));
    return point < 0 ? text + QStringLiteral(".00")
                     : text.leftJustified(point + 1 + Cents, QLatin1Char('0'));
}

QString costText(const std::optional<core::Cost> &cost, Decimals decimals, MoneyMark mark)
{
    if (mark == MoneyMark::Local) {
        return tr("local");
    }
    if (!cost || (!cost->complete && cost->low == core::PicoUsd())) {
        return tr("cost unknown");
    }
    const QString amount = amountText(*cost, decimals);
    return mark == MoneyMark::Simulated ? tr("%1 simulated").arg(amount) : amount;
}

QString countText(std::int64_t count)
{
    return count < 0 ? QStringLiteral("−") + grouped(QString::number(-count))
                     : grouped(QString::number(count));
}

QString shortCountText(std::int64_t count)
{
    if (count < 1000) {
        return QString::number(count);
    }
    const bool millions = count >= 999'500;
    const std::int64_t unit = millions ? 1'000'000 : 1000;
    const QString suffix = millions ? QStringLiteral("M") : QStringLiteral("k");
    const std::int64_t tenths = rounded(count, unit / 10);
    if (tenths >= 1000 || tenths % 10 == 0) {
        return countText(rounded(count, unit)) + suffix;
    }
    return QStringLiteral("%1.%2").arg(tenths / 10).arg(tenths % 10) + suffix;
}

QString shortLeastCountText(std::int64_t count)
{
    constexpr std::int64_t Thousand = 1'000;
    constexpr std::int64_t Million = 1'000'000;
    constexpr std::int64_t Tenths = 100; // of a unit from here on none are shown
    if (count < Thousand)
        return shortCountText(count);
    const std::int64_t unit = count < Million ? Thousand : Million;
    const std::int64_t lastDigit = count < unit * Tenths ? unit / 10 : unit;
    return shortCountText(count - count % lastDigit);
}

QString sizeText(std::int64_t bytes)
{
    constexpr std::int64_t Kilobyte = 1'000;
    constexpr std::int64_t Megabyte = 1'000'000;
    if (bytes < Kilobyte)
        return QStringLiteral("%1 B").arg(bytes);
    if (bytes < Megabyte - Kilobyte / 2)
        return QStringLiteral("%1 KB").arg((bytes + Kilobyte / 2) / Kilobyte);
    const std::int64_t tenths = (bytes + Megabyte / 20) / (Megabyte / 10);
    return QStringLiteral("%1.%2 MB").arg(tenths / 10).arg(tenths % 10);
}

QString durationText(std::chrono::milliseconds duration)
{
    const std::int64_t ms = std::max<std::int64_t>(duration.count(), 0);
    const QLocale plain = QLocale::c();
    if (ms < 9'995) {
        return tr("%1 s").arg(plain.toString(static_cast<double>(ms) / 1000.0, 'f', 2));
    }
    if (ms < 59'950) {
        return tr("%1 s").arg(plain.toString(static_cast<double>(ms) / 1000.0, 'f', 1));
    }
    const std::int64_t seconds = rounded(ms, 1000);
    if (seconds < 3600) {
        return tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    }
    const std::int64_t minutes = seconds / 60;
    return tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60, 2, 10, QLatin1Char('0'));
}

QString speedText(double tokensPerSecond)
{
    const int places = tokensPerSecond < 9.95 ? 1 : 0;
    return tr("%1 tok/s").arg(QLocale::c().toString(tokensPerSecond, 'f', places));
}

} // namespace ui
