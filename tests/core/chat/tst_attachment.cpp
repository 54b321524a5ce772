#include "core/chat/attachment.h"

#include <QTest>

using namespace core;

//! What a file is, told by its bytes, and what is refused.
class tst_Attachment : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void types_data();
    void types();
    void refusals_data();
    void refusals();
    void namesAreLabels_data();
    void namesAreLabels();
    void fencesHoldTheText();
};

void tst_Attachment::types_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("type");
    QTest::newRow("png") << QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) << "image/png";
    QTest::newRow("jpeg") << QByteArray("\xff\xd8\xff\xe0\0\x10JFIF", 10) << "image/jpeg";
    QTest::newRow("gif") << QByteArray("GIF89a\1\0\1\0", 10) << "image/gif";
    QTest::newRow("webp") << QByteArray("RIFF\x24\0\0\0WEBPVP8 ", 16) << "image/webp";
    QTest::newRow("pdf") << QByteArray("%PDF-1.7\n%\xe2\xe3") << "application/pdf";
    QTest::newRow("text") << QByteArray("Grüße\n\tan alle\r\n") << "text/plain";
    QTest::newRow("svg-is-text") << QByteArray("<svg xmlns='x'/>") << "text/plain";
    QTest::newRow("byte-order-mark") << QByteArray("\xef\xbb\xbf"
                                                   "a;b\n")
                                     << "text/plain";
}

void tst_Attachment::types()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, type);
    // The name says something else: it must not matter.
    const auto attachment = attachmentFrom(QStringLiteral("photo.exe"), bytes);
    QVERIFY(attachment);
    QCOMPARE(attachment->mimeType, type);
    QCOMPARE(attachment->data, bytes);
    QCOMPARE(isImage(*attachment), type.startsWith(QStringLiteral("image/")));
    QCOMPARE(isText(*attachment), type == QStringLiteral("text/plain"));
}

void tst_Attachment::refusals_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("word");
    QTest::newRow("empty") << QByteArray() << "empty";
    QTest::newRow("zip") << QByteArray("PK\3\4\0\0", 6) << "cannot be attached";
    QTest::newRow("nul-in-text") << QByteArray("a\0b", 3) << "cannot be attached";
    QTest::newRow("latin-1") << QByteArray("Gr\xfc\xdf"
                                           "e")
                             << "cannot be attached";
    QTest::newRow("riff-but-wave") << QByteArray("RIFF\x24\0\0\0WAVEfmt ", 16) << "cannot be";
    QTest::newRow("cut-utf8") << QByteArray("abc\xe2\x82") << "cannot be attached";
    QTest::newRow("too-large") << QByteArray(LargestAttachment + 1, 'a') << "larger than 20 MiB";
}

void tst_Attachment::refusals()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, word);
    const auto attachment = attachmentFrom(QStringLiteral("data.bin"), bytes);
    QVERIFY(!attachment);
    QCOMPARE(attachment.error().kind, ErrorKind::InputRejected);
    QVERIFY2(attachment.error().detail.contains(word), qPrintable(attachment.error().detail));
    QVERIFY(attachment.error().detail.startsWith(QStringLiteral("\u201cdata.bin\u201d")));
}

void tst_Attachment::namesAreLabels_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("label");
    QTest::newRow("path") << "/home/me/secret-project/notes.txt"
                          << "notes.txt";
    QTest::newRow("windows") << "C:\\Users\\me\\notes.txt"
                             << "notes.txt";
    QTest::newRow("plain") << "notes.txt"
                           << "notes.txt";
    QTest::newRow("long") << QString(500, u'x') << QString(200, u'x');
}

void tst_Attachment::namesAreLabels()
{
    QFETCH(const QString, name);
    QFETCH(const QString, label);
    const auto attachment = attachmentFrom(name, "text");
    QVERIFY(attachment);
    QCOMPARE(attachment->name, label);
}

void tst_Attachment::fencesHoldTheText()
{
    const auto plain = attachmentFrom(QStringLiteral("a.txt"), "one\ntwo");
    QVERIFY(plain);
    QCOMPARE(promptText(*plain), QStringLiteral("a.txt:\n```\none\ntwo\n```\n"));
    const auto fenced = attachmentFrom(QStringLiteral("a.md"), "````\ncode\n````\n");
    QVERIFY(fenced);
    QCOMPARE(promptText(*fenced), QStringLiteral("a.md:\n`````\n````\ncode\n````\n`````\n"));
}

QTEST_GUILESS_MAIN(tst_Attachment)
#include "tst_attachment.moc"
