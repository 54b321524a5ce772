// Writes the texts that tokens are counted of into a folder, for compare.mjs and the peers of the
// benchmark:  token_corpora FOLDER
#include "tests/core/tokens/tokencorpora.h"

#include <QDir>
#include <QtEndian>

namespace {

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2 || !QDir().mkpath(QString::fromLocal8Bit(argv[1])))
        qFatal("usage: token_corpora FOLDER");
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    for (const tests::Corpus &corpus : tests::corpora() + tests::pathologicalTexts())
        write(folder.filePath(QString::fromLatin1(corpus.name) + QStringLiteral(".txt")),
              corpus.utf8);
    QByteArray texts; // the length of each, then its bytes
    for (const QByteArray &text : tests::randomTexts(100'000)) {
        const auto length = qToLittleEndian(static_cast<std::uint32_t>(text.size()));
        texts.append(reinterpret_cast<const char *>(&length), sizeof length);
        texts.append(text);
    }
    write(folder.filePath(QStringLiteral("random.bin")), texts);
    return 0;
}
