#include "ui/widgets/filterpopup.h"
#include "ui/widgets/modelpicker.h"

#include <QLineEdit>
#include <QScreen>
#include <QSignalSpy>
#include <QTest>

namespace {

class TestFilterPopup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void filtersByEveryWord();
    void keysChoose();
    void beginsAtTheCurrentRow_data();
    void beginsAtTheCurrentRow();
    void someRowsOnlyWhenFound();
    void anyIdMayBeTyped();
    void lateAnswersAreIgnored();
    void modelRowsSayWhatTheyCost();
    void staysOnTheScreen_data();
    void staysOnTheScreen();

private:
    static QList<ui::PopupRow> rows();
    ui::ThemeSource m_theme{ui::Appearance::Light};
};

QList<ui::PopupRow> TestFilterPopup::rows()
{
    const auto row = [](const char *id, const char *section, const char *title) {
        ui::PopupRow made;
        made.id = QString::fromLatin1(id);
        made.section = QString::fromLatin1(section);
        made.title = QString::fromLatin1(title);
        return made;
    };
    return {row("a", "Anthropic", "Claude Sonnet 4.5"), row("b", "Anthropic", "Claude Haiku 4.5"),
            row("c", "OpenAI", "GPT-5 mini")};
}

void TestFilterPopup::staysOnTheScreen_data()
{
    QTest::addColumn<int>("x");
    QTest::addColumn<int>("y"); // of a screen's thousandths
    QTest::newRow("at-the-foot") << 100 << 950;
    QTest::newRow("in-the-middle") << 100 << 500;
    QTest::newRow("at-the-head") << 100 << 0;
    QTest::newRow("at-the-right") << 960 << 900;
}

void TestFilterPopup::staysOnTheScreen()
{
    QFETCH(const int, x);
    QFETCH(const int, y);
    const QRect screen = QGuiApplication::primaryScreen()->availableGeometry();
    QWidget anchor;
    anchor.setGeometry(screen.left() + screen.width() * x / 1000,
                       screen.top() + screen.height() * y / 1000, 120, 32);
    anchor.show();
    ui::FilterPopup popup(m_theme);
    popup.setRows(rows());
    popup.openAbove(&anchor);
    QVERIFY(screen.contains(popup.geometry()));
    QVERIFY(!popup.geometry().intersects(anchor.geometry()));
    QVERIFY(popup.height() >= screen.height() / 3); // there is always one side with that much
}

void TestFilterPopup::filtersByEveryWord()
{
    ui::FilterPopup popup(m_theme);
    popup.setRows(rows());
    QCOMPARE(popup.shownIds(),
             QStringList({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
    popup.findChild<QLineEdit *>()->setText(QStringLiteral("haiku claude"));
    QCOMPARE(popup.shownIds(), QStringList(QStringLiteral("b")));
}

void TestFilterPopup::keysChoose()
{
    ui::FilterPopup popup(m_theme);
    popup.setRows(rows());
    QSignalSpy chosen(&popup, &ui::FilterPopup::chosen);
    auto *field = popup.findChild<QLineEdit *>();
    QTest::keyClick(field, Qt::Key_Down);
    QTest::keyClick(field, Qt::Key_Down); // over the head between the sections
    QTest::keyClick(field, Qt::Key_Down); // at the end: stays
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen.first().first().toString(), QStringLiteral("c"));
}

void TestFilterPopup::beginsAtTheCurrentRow_data()
{
    QTest::addColumn<QString>("current");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("taken");
    QTest::newRow("none") << QString() << QString() << QStringLiteral("a");
    QTest::newRow("the-last") << QStringLiteral("c") << QString() << QStringLiteral("c");
    QTest::newRow("one-that-is-gone") << QStringLiteral("z") << QString() << QStringLiteral("a");
    QTest::newRow("typing-leads-to-the-best")
        << QStringLiteral("b") << QStringLiteral("claude") << QStringLiteral("a");
}

void TestFilterPopup::beginsAtTheCurrentRow()
{
    QFETCH(const QString, current);
    QFETCH(const QString, typed);
    ui::FilterPopup popup(m_theme);
    QSignalSpy chosen(&popup, &ui::FilterPopup::chosen);
    popup.setRows(rows(), current);
    QWidget window;
    popup.openOver(&window);
    auto *field = popup.findChild<QLineEdit *>();
    field->setText(typed);
    QTest::keyClick(field, Qt::Key_Return);
    QTEST(chosen.value(0).value(0).toString(), "taken");
}

void TestFilterPopup::someRowsOnlyWhenFound()
{
    ui::FilterPopup popup(m_theme);
    QList<ui::PopupRow> all = rows();
    all[1].onlyFound = true;
    popup.setRows(all);
    QCOMPARE(popup.shownIds(), QStringList({QStringLiteral("a"), QStringLiteral("c")}));
    auto *field = popup.findChild<QLineEdit *>();
    field->setText(QStringLiteral("claude"));
    QCOMPARE(popup.shownIds(), QStringList({QStringLiteral("a"), QStringLiteral("b")}));
    field->clear();
    QCOMPARE(popup.shownIds(), QStringList({QStringLiteral("a"), QStringLiteral("c")}));
}

void TestFilterPopup::anyIdMayBeTyped()
{
    ui::FilterPopup popup(m_theme);
    popup.setRows(rows());
    popup.setFreeEntry(QStringLiteral("Use %1"));
    QSignalSpy typed(&popup, &ui::FilterPopup::freeEntryChosen);
    auto *field = popup.findChild<QLineEdit *>();
    QTest::keyClicks(field, QStringLiteral("my-model"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(typed.count(), 1);
    QCOMPARE(typed.first().first().toString(), QStringLiteral("my-model"));
}

void TestFilterPopup::lateAnswersAreIgnored()
{
    ui::FilterPopup popup(m_theme);
    popup.findChild<QLineEdit *>()->setText(QStringLiteral("now"));
    popup.setFoundRows(QStringLiteral("before"), rows());
    QVERIFY(popup.shownIds().isEmpty());
    popup.setFoundRows(QStringLiteral("now"), rows());
    QCOMPARE(popup.shownIds().size(), 3);
}

void TestFilterPopup::modelRowsSayWhatTheyCost()
{
    ui::ModelRow row;
    row.model = QStringLiteral("claude-sonnet-4-5");
    row.providerName = QStringLiteral("Anthropic");
    row.contextTokens = 200'000;
    row.inputPerMillion = core::PicoUsd(3 * core::PicoUsd::PerDollar);
    row.outputPerMillion = core::PicoUsd(15 * core::PicoUsd::PerDollar);
    const ui::PopupRow shown = ui::popupRow(row, m_theme.theme());
    QCOMPARE(shown.title, row.model);
    QCOMPARE(shown.detail,
             QStringLiteral("Anthropic · 200k context · $3.00 in, $15.00 out per million"));
    row.contextTokens.reset();
    QVERIFY(ui::popupRow(row, m_theme.theme())
                .detail.startsWith(QStringLiteral("Anthropic · context unknown · ")));
    row.state = ui::ModelState::NoKey;
    QCOMPARE(ui::popupRow(row, m_theme.theme()).right, QStringLiteral("Add key"));
}

} // namespace

QTEST_MAIN(TestFilterPopup)
#include "tst_filterpopup.moc"
