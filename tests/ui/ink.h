#pragma once

#include <QImage>

#include <algorithm>

//! How far below the top of \p image its leftmost ink begins: deep for a full stop, not for a
//! letter. Ink is what differs from the first pixel.
inline int depthOfFirstInk(const QImage &image)
{
    constexpr int Columns = 3; // a letter's own edge may be its lowest point
    for (int x = 0; x < image.width(); ++x) {
        for (int y = 0; y < image.height(); ++y) {
            if (image.pixel(x, y) == image.pixel(0, 0))
                continue;
            int top = y;
            for (int at = x; at < std::min(x + Columns, image.width()); ++at) {
                for (int higher = 0; higher < top; ++higher) {
                    if (image.pixel(at, higher) != image.pixel(0, 0))
                        top = higher;
                }
            }
            return top;
        }
    }
    return image.height();
}
