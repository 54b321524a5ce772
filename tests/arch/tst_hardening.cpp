#include "tests/arch/elffile.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryFile>
#include <QTest>

//! The flags are read from what was built, not from the build files.
class tst_Hardening : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void programIsHardened_data();
    void programIsHardened();
    void releaseIsFortified();
    void checkCanFail();
};

namespace {

const QString Release = QStringLiteral(FARTHING_SOURCE_DIR "/build/release/");

} // namespace

void tst_Hardening::programIsHardened_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("liesAnywhere"); // sanitized programs do not, see CMakeLists.txt
    constexpr bool Sanitized = FARTHING_SANITIZED;
    // All targets take their flags from one place, so this test stands for them.
    QTest::newRow("of-this-build") << QCoreApplication::applicationFilePath() << !Sanitized;
    const QString built = QStringLiteral(FARTHING_BINARY);
    if (QFile::exists(built))
        QTest::newRow("farthing-of-this-build") << built << !Sanitized;
    if (const QString program = Release + QStringLiteral("app/farthing"); QFile::exists(program))
        QTest::newRow("release") << program << true;
}

void tst_Hardening::programIsHardened()
{
    QFETCH(const QString, path);
    QFETCH(const bool, liesAnywhere);
    const std::optional<tests::Hardening> hardening = tests::hardeningOf(path);
    QVERIFY(hardening);
    QCOMPARE(hardening->positionIndependent, liesAnywhere);
    QVERIFY(hardening->relroSegment);
    QVERIFY(hardening->bindsNow);
    QVERIFY(!hardening->stackExecutable);
    QVERIFY(hardening->stackProtector);
}

void tst_Hardening::releaseIsFortified()
{
    // Which calls the compiler could check differs by its version; that it was told to does not.
    QFile commands(Release + QStringLiteral("compile_commands.json"));
    if (!commands.open(QIODevice::ReadOnly)) {
        if (qEnvironmentVariable("CI") == QStringLiteral("true"))
            QFAIL("No release build where changes are checked: cmake --preset release");
        QSKIP("no release build here: cmake --preset release");
    }
    const QByteArray text = commands.readAll();
    const qsizetype compiled = text.count("\"command\":");
    QVERIFY(compiled > 0);
    QCOMPARE(text.count("-D_FORTIFY_SOURCE=3"), compiled);
    // Debian's own start files carry no mark for it, so the linked program cannot either.
    QCOMPARE(text.count("-fcf-protection"), compiled);
    QCOMPARE(text.count("-D_GLIBCXX_ASSERTIONS"), compiled);

    QFile rules(Release + QStringLiteral("build.ninja"));
    QVERIFY(rules.open(QIODevice::ReadOnly));
    const QByteArray linking = rules.readAll();
    const qsizetype program = linking.indexOf("\nbuild app/farthing:");
    QVERIFY(program >= 0);
    const qsizetype flags = linking.indexOf("LINK_FLAGS = ", program);
    QVERIFY(flags >= 0);
    QVERIFY(linking.mid(flags, linking.indexOf('\n', flags) - flags).contains(" -pie"));
}

void tst_Hardening::checkCanFail()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("#!/bin/sh\n");
    file.flush();
    QVERIFY(!tests::hardeningOf(file.fileName()));

    // This program without its reference to the stack protector.
    QFile self(QCoreApplication::applicationFilePath());
    QVERIFY(self.open(QIODevice::ReadOnly));
    QByteArray program = self.readAll();
    program.replace("__stack_chk_fail", "__stack_xxx_fail");
    QTemporaryFile weak;
    QVERIFY(weak.open());
    weak.write(program);
    weak.flush();
    const std::optional<tests::Hardening> hardening = tests::hardeningOf(weak.fileName());
    QVERIFY(hardening);
    QVERIFY(!hardening->stackProtector);
}

QTEST_GUILESS_MAIN(tst_Hardening)
#include "tst_hardening.moc"
