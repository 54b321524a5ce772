#include "ui/theme/theme.h"

#include <QFontDatabase>
#include <QGuiApplication>
#include <QScreen>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

void setLight(Theme &theme)
{
    theme.window = QColor(0xFBFAF8);
    theme.sidebar = QColor(0xF3F0EB);
    theme.card = QColor(0xFFFFFF);
    theme.hairline = QColor(0xE4DFD7);
    theme.controlBorder = QColor(0x8C847A);
    theme.text = QColor(0x1F1C19);
    theme.muted = QColor(0x665F58);
    theme.faint = QColor(0xA39B92);
    theme.accent = QColor(0xB05A24);
    theme.accentText = QColor(0x9A4B1B);
    theme.accentSoft = QColor(0xF6E6DA);
    theme.onAccent = QColor(0xFFFFFF);
    theme.good = QColor(0x2A7453);
    theme.goodSoft = QColor(0xE2F1EA);
    theme.warning = QColor(0x8F5A0D);
    theme.warningSoft = QColor(0xFAEED6);
    theme.error = QColor(0xB23A2E);
    theme.errorSoft = QColor(0xF9E3E0);
    theme.userBubble = QColor(0xF1ECE4);
    theme.selectedRow = QColor(0xE9E2D8);
    theme.code = QColor(0xF5F2ED);
    theme.keyword = QColor(0x7C4DA8);
    theme.series = {QColor(0xB05A24), QColor(0x2F6DB5), QColor(0x2C8A6B),
                    QColor(0x8A5BB5), QColor(0xA87F16), QColor(0x5B6B7A)};
}

void setDark(Theme &theme)
{
    theme.window = QColor(0x181614);
    theme.sidebar = QColor(0x1F1C19);
    theme.card = QColor(0x23201C);
    theme.hairline = QColor(0x35302A);
    theme.controlBorder = QColor(0x746C63);
    theme.text = QColor(0xECE6DF);
    theme.muted = QColor(0xA0978D);
    theme.faint = QColor(0x70685F);
    theme.accent = QColor(0xE28B50);
    theme.accentText = QColor(0xE28B50);
    theme.accentSoft = QColor(0x3A2A1E);
    theme.onAccent = QColor(0x181614);
    theme.good = QColor(0x6CC39B);
    theme.goodSoft = QColor(0x1F332A);
    theme.warning = QColor(0xE0B05A);
    theme.warningSoft = QColor(0x382C17);
    theme.error = QColor(0xE9796C);
    theme.errorSoft = QColor(0x3B2320);
    theme.userBubble = QColor(0x2A2622);
    theme.selectedRow = QColor(0x2F2A25);
    theme.code = QColor(0x211E1B);
    theme.keyword = QColor(0xB690DE);
    theme.series = {QColor(0xE28B50), QColor(0x6FA5E3), QColor(0x62C2A0),
                    QColor(0xB690DE), QColor(0xE3C063), QColor(0x93A3B3)};
}

QFont sized(const QFont &font, int pixels, QFont::Weight weight = QFont::Normal)
{
    QFont result = font;
    result.setPixelSize(pixels);
    result.setWeight(weight);
    return result;
}

//! As QFontInfo says for all that scales, without loading the font: ours is another.
int pixelsOf(const QFont &font)
{
    constexpr double PointsPerInch = 72;
    constexpr double UsualDotsPerInch = 96;
    if (font.pixelSize() > 0)
        return font.pixelSize();
    const QScreen *screen = QGuiApplication::primaryScreen(); // none while all are unplugged
    return qRound(font.pointSizeF() *
                  (screen ? qRound(screen->logicalDotsPerInchY()) : UsualDotsPerInch) /
                  PointsPerInch);
}

void setFonts(Theme &theme, const QFont &system, int textPercent)
{
    QFont base = system;
    base.setFamilies(
        {QStringLiteral("Inter"), system.family(), QStringLiteral("Noto Color Emoji")});
#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)
    base.setFeature("tnum", 1);
#endif
    const int usual = std::clamp(pixelsOf(system), 11, 32);
    const int chrome = std::max(9, (usual * textPercent + 50) / 100);
    theme.chrome = sized(base, chrome);
    theme.small = sized(base, chrome - 1);
    theme.heading = sized(base, chrome + 2, QFont::DemiBold);
    theme.answer = sized(base, chrome + 1);

    QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    mono.setFamilies(
        {QStringLiteral("JetBrains Mono"), mono.family(), QStringLiteral("monospace")});
    mono.setStyleHint(QFont::Monospace);
    mono.setFixedPitch(true);
    theme.mono = sized(mono, chrome);
}

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

} // namespace

Theme makeTheme(Scheme scheme, const QFont &system, int textPercent)
{
    Theme theme;
    theme.scheme = scheme;
    if (scheme == Scheme::Dark) {
        setDark(theme);
    } else {
        setLight(theme);
    }
    setFonts(theme, system, textPercent);
    return theme;
}

QColor Theme::providerColor(const QString &provider) const
{
    // One company may speak several protocols ("openai", "openai-chat"). Azure comes
    // first: its row names the vendor of its models too.
    struct Owner
    {
        QLatin1StringView start;
        std::size_t series;
    };
    static constexpr std::array<Owner, 8> owners = {{
        {QLatin1StringView("azure"), 4},
        {QLatin1StringView("anthropic"), 0},
        {QLatin1StringView("openai"), 1},
        {QLatin1StringView("google"), 2},
        {QLatin1StringView("cohere"), 3},
        {QLatin1StringView("aws"), 5},
        {QLatin1StringView("bedrock"), 5},
        {QLatin1StringView("amazon"), 5},
    }};
    for (const Owner &owner : owners) {
        const bool whole = provider.size() == owner.start.size();
        if (provider.startsWith(owner.start) &&
            (whole || provider.at(owner.start.size()) == QLatin1Char('-'))) {
            return series[owner.series];
        }
    }
    return series.back();
}

double contrastRatio(const QColor &a, const QColor &b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace ui
