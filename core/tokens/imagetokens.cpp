#include "core/tokens/imagetokens.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <utility>

namespace core {

namespace {

std::int64_t piecesOf(double length, int piece)
{
    return static_cast<std::int64_t>(std::ceil(length / piece));
}

std::int64_t claudeTokens(QSize pixels)
{
    constexpr double LongSide = 1568;
    constexpr double PixelsAToken = 750;
    constexpr double Most = 1600;
    const double scale = std::min(1.0, LongSide / std::max(pixels.width(), pixels.height()));
    const double tokens = pixels.width() * scale * (pixels.height() * scale) / PixelsAToken;
    return static_cast<std::int64_t>(std::ceil(std::min(tokens, Most)));
}

struct TilePrice
{
    std::int64_t base = 0;
    std::int64_t tile = 0;
};

std::int64_t tileTokens(QSize pixels, TilePrice price)
{
    constexpr double Square = 2048;
    constexpr double ShortSide = 768;
    constexpr int Tile = 512;
    double scale = std::min(1.0, Square / std::max(pixels.width(), pixels.height()));
    const double shortSide = std::min(pixels.width(), pixels.height()) * scale;
    if (shortSide > ShortSide)
        scale *= ShortSide / shortSide;
    // Scaling leaves a whole number of pixels; a rounding error would else be a tile.
    return price.base + price.tile * piecesOf(std::round(pixels.width() * scale), Tile) *
                            piecesOf(std::round(pixels.height() * scale), Tile);
}

std::int64_t patchTokens(QSize pixels, double factor)
{
    constexpr int Patch = 32;
    constexpr std::int64_t Most = 1536;
    double width = pixels.width();
    double height = pixels.height();
    if (piecesOf(width, Patch) * piecesOf(height, Patch) > Most) {
        double scale = std::sqrt(static_cast<double>(Most) * Patch * Patch / (width * height));
        const double across = width * scale / Patch;
        const double down = height * scale / Patch;
        scale *= std::min(std::floor(across) / across, std::floor(down) / down);
        width = std::floor(width * scale + 1e-6);
        height = std::floor(height * scale + 1e-6);
    }
    const std::int64_t patches = std::min(Most, piecesOf(width, Patch) * piecesOf(height, Patch));
    return static_cast<std::int64_t>(std::ceil(static_cast<double>(patches) * factor));
}

//! Whether \p model is \p name, bare or dated: "gpt-4o" is "gpt-4o-2024-08-06", not "gpt-4o-mini".
bool isModel(const QString &model, const char *name)
{
    static const QString date = QStringLiteral("(?:[-@]\\d{4}-?\\d{2}-?\\d{2}|-latest)?"
                                               "(?:-v\\d+(?::\\d+)?)?$");
    const QRegularExpression rule(QStringLiteral("(?:^|[/.])(?:") + QLatin1StringView(name) +
                                  QStringLiteral(")") + date);
    return rule.match(model).hasMatch();
}

} // namespace

std::optional<std::int64_t> imageTokens(QStringView model, QSize pixels)
{
    if (pixels.isEmpty())
        return std::nullopt;
    const QString id = model.toString().toLower();
    if (isModel(id, "claude-3(?:-[57])?-(?:opus|sonnet|haiku)|"
                    "claude-(?:opus|sonnet|haiku)-4(?:-[0-6])?"))
        return claudeTokens(pixels);
    static const std::pair<const char *, TilePrice> Tiled[] = {
        {"gpt-4o|gpt-4\\.1", {85, 170}},
        {"gpt-4o-mini", {2'833, 5'667}},
        {"o3", {75, 150}},
        {"gpt-5|gpt-5-chat", {70, 140}},
    };
    for (const auto &[names, price] : Tiled) {
        if (isModel(id, names))
            return tileTokens(pixels, price);
    }
    static const std::pair<const char *, double> Patched[] = {
        {"gpt-4\\.1-mini", 1.62}, {"gpt-4\\.1-nano", 2.46}, {"o4-mini", 1.72},
        {"gpt-5-mini", 1.2},      {"gpt-5-nano", 1.5},
    };
    for (const auto &[names, factor] : Patched) {
        if (isModel(id, names))
            return patchTokens(pixels, factor);
    }
    if (isModel(id, "gemini-3(?:\\.\\d)?-(?:pro|flash|flash-lite)(?:-preview)?(?:-\\d{2}-\\d{4})?"))
        return 1'120;
    constexpr int Small = 384;
    if (isModel(id, "gemini-2\\.[05]-(?:pro|flash|flash-lite)(?:-\\d{3})?") &&
        pixels.width() <= Small && pixels.height() <= Small)
        return 258;
    return std::nullopt;
}

} // namespace core
