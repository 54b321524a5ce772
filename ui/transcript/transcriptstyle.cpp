#include "ui/transcript/transcriptstyle.h"

namespace ui {

namespace {

QColor between(const QColor &a, const QColor &b, qreal part)
{
    const auto mix = [part](float x, float y) { return x + (y - x) * float(part); };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()),
                            mix(a.blueF(), b.blueF()));
}

// Sizes are set in pixels further down, but a system font may come in points.
QFont inPixels(QFont font)
{
    if (font.pixelSize() < 0)
        font.setPixelSize(qRound(font.pointSizeF() * 96 / 72));
    return font;
}

} // namespace

TranscriptStyle TranscriptStyle::of(const Theme &theme)
{
    TranscriptStyle s;
    s.window = theme.window, s.card = theme.card, s.hairline = theme.hairline;
    s.controlBorder = theme.controlBorder, s.text = theme.text, s.mutedText = theme.muted;
    s.faint = theme.faint, s.accent = theme.accent, s.accentText = theme.accentText;
    s.accentSoft = theme.accentSoft, s.onAccent = theme.onAccent;
    s.good = theme.good, s.goodSoft = theme.goodSoft;
    s.warning = theme.warning, s.warningSoft = theme.warningSoft;
    s.error = theme.error, s.errorSoft = theme.errorSoft;
    s.userBubble = theme.userBubble, s.code = theme.code, s.keyword = theme.keyword;
    s.selection = between(theme.window, theme.accent, 0.3);
    s.find = between(theme.window, theme.warning, 0.3);
    s.function = theme.series[1];
    s.number = theme.series[0];
    s.body = inPixels(theme.answer);
    s.chrome = inPixels(theme.small);
    s.mono = inPixels(theme.mono);
    return s;
}

} // namespace ui
