#include "ui/transcript/textblock.h"

#include <algorithm>

namespace ui {

RichText RichText::part(int begin, int end) const
{
    RichText part{text.sliced(begin, end - begin), {}};
    for (const TextSpan &span : spans) {
        const int from = std::max(span.start, begin);
        const int to = std::min(span.start + span.length, end);
        if (from < to)
            part.spans.append({from - begin, to - from, span.flags, span.url});
    }
    return part;
}

} // namespace ui
