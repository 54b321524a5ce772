// Blocks depend on the text alone, not on how it arrived; spans lie within their text; nothing that
// reorders or hides text survives in code.
#include "tests/fuzz/fuzzinput.h"
#include "ui/transcript/blocklist.h"

namespace {

void check(const ui::RichText &text)
{
    for (const ui::TextSpan &span : text.spans) {
        REQUIRE(span.start >= 0 && span.length >= 0);
        REQUIRE(span.start + span.length <= text.text.size());
    }
}

void check(const ui::BlockList &list)
{
    qsizetype before = 0;
    for (const ui::SourceBlock &block : list.splitter.blocks()) {
        REQUIRE(block.begin >= before && block.end >= block.begin);
        REQUIRE(block.end <= list.splitter.source().size());
        before = block.begin;
    }
    for (const ui::TextBlock &shown : list.blocks) {
        check(shown.body);
        for (const QList<ui::RichText> &row : shown.rows) {
            for (const ui::RichText &cell : row)
                check(cell);
        }
        if (shown.kind == ui::BlockKind::Code)
            REQUIRE(!shown.body.text.contains(QChar(0x202E)));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::Input input(data, size);
    const QString text = QString::fromUtf8(input.bytes());
    for (const auto mode : {ui::BlockSplitter::Mode::Markdown, ui::BlockSplitter::Mode::Plain}) {
        ui::BlockList whole(mode);
        whole.append(text);
        ui::BlockList pieces(mode);
        for (qsizetype at = 0; at < text.size();) {
            const qsizetype length = 1 + input.choose(15);
            pieces.append(text.mid(at, length));
            at += length;
        }
        REQUIRE(whole.splitter.blocks() == pieces.splitter.blocks());
        REQUIRE(whole.blocks == pieces.blocks);
        check(whole);
    }
    return 0;
}
