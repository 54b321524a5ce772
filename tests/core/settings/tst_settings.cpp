#include "core/settings/settings.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using core::Settings;
namespace keys = core::settings;

class tst_Settings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void keepsOnlyWhatDiffers();
    void tornFileIsSetAside();
    void unknownKeysAndWrongTypesAreHarmless();
    void overridesAreNeverWritten();
    void badOverrides_data();
    void badOverrides();
    void unwritablePlaceIsAnError();

private:
    [[nodiscard]] static QByteArray contents(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static void put(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
};

void tst_Settings::keepsOnlyWhatDiffers()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("deeper/farthing.conf"));
    {
        Settings settings(path);
        QSignalSpy changed(&settings, &Settings::changed);
        QVERIFY(settings.setValue(keys::TextSize, 120));
        QVERIFY(settings.setValue(keys::Theme, QStringLiteral("dark")));
        QVERIFY(settings.setValue(keys::Theme, QStringLiteral("dark"))); // no change, no signal
        QCOMPARE(changed.size(), 2);
    }
    Settings again(path);
    QCOMPARE(again.value(keys::TextSize), 120);
    QCOMPARE(again.value(keys::Theme), QStringLiteral("dark"));
    QVERIFY(again.setValue(keys::TextSize, 100));
    QVERIFY(!contents(path).contains("textSize"));
    QVERIFY(contents(path).contains("dark"));
}

void tst_Settings::tornFileIsSetAside()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("farthing.conf"));
    put(path, "{\"appearance/theme\": \"da");
    Settings settings(path);
    QVERIFY(settings.notice().contains(path));
    QCOMPARE(settings.value(keys::Theme), QStringLiteral("system"));
    QVERIFY(settings.setValue(keys::TextSize, 90));
    QCOMPARE(contents(path + QStringLiteral(".unreadable")),
             QByteArray("{\"appearance/theme\": \"da"));
    QCOMPARE(Settings(path).value(keys::TextSize), 90);
}

void tst_Settings::unknownKeysAndWrongTypesAreHarmless()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("farthing.conf"));
    put(path, R"({"future/key": [1, 2], "appearance/textSizePercent": "big"})");
    Settings settings(path);
    QCOMPARE(settings.value(keys::TextSize), 100);
    QVERIFY(settings.setValue(keys::WideColumn, true));
    QVERIFY(contents(path).contains("future/key"));
}

void tst_Settings::overridesAreNeverWritten()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("farthing.conf"));
    Settings settings(path);
    QVERIFY(settings.setOverride(QStringLiteral("engine/retry=false")));
    QVERIFY(settings.setOverride(QStringLiteral("network/idleTimeout=5")));
    QVERIFY(settings.setOverride(QStringLiteral("network/caFile=/a=b.pem")));
    QCOMPARE(settings.value(keys::Retry), false);
    QCOMPARE(settings.value(keys::IdleTimeout), 5);
    QCOMPARE(settings.value(keys::CaFile), QStringLiteral("/a=b.pem"));
    QVERIFY(settings.setValue(keys::TextSize, 110));
    QVERIFY(!contents(path).contains("idleTimeout"));
}

void tst_Settings::badOverrides_data()
{
    QTest::addColumn<QString>("assignment");
    QTest::addColumn<QString>("says");
    QTest::newRow("no-value") << QStringLiteral("engine/retry") << QStringLiteral("KEY=VALUE");
    QTest::newRow("unknown-key-names-its-neighbours")
        << QStringLiteral("engine/retries=3") << QStringLiteral("engine/retriesPerTarget");
    QTest::newRow("not-a-bool") << QStringLiteral("engine/retry=maybe")
                                << QStringLiteral("true or false");
    QTest::newRow("not-a-number") << QStringLiteral("network/idleTimeout=1e9")
                                  << QStringLiteral("whole number");
}

void tst_Settings::badOverrides()
{
    QFETCH(const QString, assignment);
    QFETCH(const QString, says);
    const QTemporaryDir folder;
    Settings settings(folder.filePath(QStringLiteral("farthing.conf")));
    const auto result = settings.setOverride(assignment);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, core::ErrorKind::InputRejected);
    QVERIFY2(result.error().detail.contains(says), qPrintable(result.error().detail));
}

void tst_Settings::unwritablePlaceIsAnError()
{
    const QTemporaryDir folder;
    put(folder.filePath(QStringLiteral("file")), "x");
    Settings settings(folder.filePath(QStringLiteral("file/farthing.conf")));
    const auto result = settings.setValue(keys::TextSize, 80);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, core::ErrorKind::StorageFailed);
    QCOMPARE(settings.value(keys::TextSize), 80); // in force all the same
}

QTEST_GUILESS_MAIN(tst_Settings)
#include "tst_settings.moc"
