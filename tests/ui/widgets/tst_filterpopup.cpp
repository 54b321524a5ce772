#include "tests/ui/ink.h"
#include "ui/widgets/filterpopup.h"
#include "ui/widgets/modelpicker.h"
#include "ui/widgets/popupdelegate.h"

#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QScreen>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>

namespace {

class tst_FilterPopup : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void filtersByEveryWord();
    void keysChoose();
    void beginsAtTheCurrentRow_data();
    void beginsAtTheCurrentRow();
    void someRowsOnlyWhenFound();
    void anyIdMayBeTyped();
    void starsByKeyAndMouse_data();
    void starsByKeyAndMouse();
    void mirrors();
    void titlesBeginAtTheirFirstLetter();
    void noStarWhereNoneIsOffered();
    void tellsWhichRowsAreSeen();
    void lateAnswersAreIgnored();
    void modelRowsSayWhatTheyCost();
    void modelRowsSayWhetherTheyAnswer_data();
    void modelRowsSayWhetherTheyAnswer();
    void staysOnTheScreen_data();
    void staysOnTheScreen();
    void staysOverItsWindow();
    void opensFromTheSideThatReadingBegins();

private:
    static QList<ui::PopupRow> rows();
    ui::ThemeSource m_theme{ui::Appearance::Light};
};

QList<ui::PopupRow> tst_FilterPopup::rows()
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

void tst_FilterPopup::staysOnTheScreen_data()
{
    QTest::addColumn<int>("x");
    QTest::addColumn<int>("y"); // of a screen's thousandths
    QTest::newRow("at-the-foot") << 100 << 950;
    QTest::newRow("in-the-middle") << 100 << 500;
    QTest::newRow("at-the-head") << 100 << 0;
    QTest::newRow("at-the-right") << 960 << 900;
}

void tst_FilterPopup::staysOnTheScreen()
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

//! A window that has the width is not overhung, whatever the size of the text.
void tst_FilterPopup::staysOverItsWindow()
{
    const QRect screen = QGuiApplication::primaryScreen()->availableGeometry();
    QWidget window;
    window.setGeometry(screen.left(), screen.top(), 700, screen.height() - 40);
    QWidget anchor(&window);
    anchor.setGeometry(300, window.height() - 40, 200, 32);
    window.show();
    ui::ThemeSource large{ui::Appearance::Light};
    large.setTextPercent(160);
    ui::FilterPopup popup(large);
    popup.setRows(rows());
    popup.openAbove(&anchor);
    QVERIFY(window.geometry().left() <= popup.geometry().left());
    QVERIFY(window.geometry().right() >= popup.geometry().right());
}

void tst_FilterPopup::opensFromTheSideThatReadingBegins()
{
    const QRect screen = QGuiApplication::primaryScreen()->availableGeometry();
    QWidget window;
    window.setLayoutDirection(Qt::RightToLeft);
    window.setGeometry(screen);
    QWidget anchor(&window);
    anchor.setGeometry(window.width() - 220, window.height() - 40, 200, 32);
    window.show();
    ui::FilterPopup popup(m_theme, &window);
    popup.setRows(rows());
    popup.openAbove(&anchor);
    QCOMPARE(popup.geometry().right(), anchor.mapToGlobal(anchor.rect().topRight()).x());
}

void tst_FilterPopup::filtersByEveryWord()
{
    ui::FilterPopup popup(m_theme);
    popup.setRows(rows());
    QCOMPARE(popup.shownIds(),
             QStringList({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
    popup.findChild<QLineEdit *>()->setText(QStringLiteral("haiku claude"));
    QCOMPARE(popup.shownIds(), QStringList(QStringLiteral("b")));
}

void tst_FilterPopup::keysChoose()
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

void tst_FilterPopup::beginsAtTheCurrentRow_data()
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

void tst_FilterPopup::beginsAtTheCurrentRow()
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

void tst_FilterPopup::someRowsOnlyWhenFound()
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

void tst_FilterPopup::anyIdMayBeTyped()
{
    ui::FilterPopup popup(m_theme);
    popup.setRows(rows());
    popup.setFreeRows([](const QString &query) {
        ui::PopupRow row;
        row.id = QStringLiteral("openai/") + query;
        row.title = QStringLiteral("Use ") + query;
        return QList<ui::PopupRow>{row};
    });
    QSignalSpy typed(&popup, &ui::FilterPopup::chosen);
    auto *field = popup.findChild<QLineEdit *>();
    QTest::keyClicks(field, QStringLiteral("my-model"));
    QVERIFY(popup.shownIds().isEmpty());
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(typed.count(), 1);
    QCOMPARE(typed.first().first().toString(), QStringLiteral("openai/my-model"));
}

void tst_FilterPopup::starsByKeyAndMouse_data()
{
    QTest::addColumn<bool>("byKey");
    QTest::newRow("ctrl-d") << true;
    QTest::newRow("the-star") << false;
}

void tst_FilterPopup::starsByKeyAndMouse()
{
    QFETCH(const bool, byKey);
    ui::FilterPopup popup(m_theme);
    QList<ui::PopupRow> all = rows();
    for (ui::PopupRow &row : all)
        row.starred = false;
    popup.setRows(all);
    QWidget window;
    window.resize(800, 600);
    popup.openOver(&window);
    QSignalSpy chosen(&popup, &ui::FilterPopup::chosen);
    QSignalSpy toggled(&popup, &ui::FilterPopup::starToggled);
    auto *field = popup.findChild<QLineEdit *>();
    auto *list = popup.findChild<QListView *>();
    const auto star = [&] {
        if (byKey)
            return QTest::keyClick(field, Qt::Key_D, Qt::ControlModifier);
        const QRect row = list->visualRect(list->currentIndex());
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                          QPoint(row.right() - 8, row.center().y()));
    };
    QTest::keyClick(field, Qt::Key_Down);
    star();
    QCOMPARE(toggled.size(), 1);
    QCOMPARE(toggled.first(), QVariantList({QStringLiteral("b"), true}));
    QVERIFY(!field->accessibleDescription().contains(QStringLiteral("favourite")));
    all[1].starred = true;
    popup.setRow(all.at(1));
    QCOMPARE(field->accessibleDescription(), QStringLiteral("Claude Haiku 4.5, favourite"));
    star();
    QCOMPARE(toggled.last(), QVariantList({QStringLiteral("b"), false}));
    QCOMPARE(chosen.size(), 0); // nor was the row taken
    QVERIFY(popup.isVisible());
}

//! The dot stands where reading begins, the star at the other end, also for the mouse.
void tst_FilterPopup::mirrors()
{
    ui::FilterPopup popup(m_theme);
    popup.setLayoutDirection(Qt::RightToLeft);
    QList<ui::PopupRow> all = rows();
    all[0].dot = Qt::green;
    all[0].starred = false;
    popup.setRows(all);
    QWidget window;
    window.resize(800, 600);
    popup.openOver(&window);
    QSignalSpy toggled(&popup, &ui::FilterPopup::starToggled);
    auto *list = popup.findChild<QListView *>();
    const QRect row = list->visualRect(list->currentIndex());
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {},
                      QPoint(row.left() + 8, row.center().y()));
    QCOMPARE(toggled.size(), 1);
    const QImage image = list->viewport()->grab(row).toImage();
    int dots = 0;
    for (int x = 0; x < image.width(); ++x) {
        if (image.pixelColor(x, image.height() / 2) != QColor(Qt::green))
            continue;
        ++dots;
        QVERIFY(x > image.width() - 30);
    }
    QVERIFY(dots > 0);
}

//! The full stops of a Hebrew title are at its left, also in a window that is not mirrored.
void tst_FilterPopup::titlesBeginAtTheirFirstLetter()
{
    QStandardItemModel model;
    model.appendRow(new QStandardItem(QStringLiteral("\u05D0......")));
    QImage image(200, 40, QImage::Format_ARGB32_Premultiplied);
    image.fill(m_theme.theme().card);
    QPainter painter(&image);
    QStyleOptionViewItem option;
    option.rect = image.rect();
    option.direction = Qt::LeftToRight;
    ui::PopupDelegate(m_theme, nullptr).paint(&painter, option, model.index(0, 0));
    painter.end();
    QVERIFY(depthOfFirstInk(image) > image.height() / 2);
}

void tst_FilterPopup::noStarWhereNoneIsOffered()
{
    ui::FilterPopup popup(m_theme);
    popup.setRows(rows());
    QSignalSpy toggled(&popup, &ui::FilterPopup::starToggled);
    QTest::keyClick(popup.findChild<QLineEdit *>(), Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(toggled.size(), 0);
}

void tst_FilterPopup::tellsWhichRowsAreSeen()
{
    ui::FilterPopup popup(m_theme);
    QList<ui::PopupRow> all;
    for (int i = 0; i < 800; ++i) {
        ui::PopupRow row;
        row.id = QString::number(i);
        row.section = QStringLiteral("One");
        row.title = QStringLiteral("Model %1").arg(i);
        row.detail = QStringLiteral("Details");
        all.append(row);
    }
    QSignalSpy seen(&popup, &ui::FilterPopup::rowsSeen);
    popup.setRows(all);
    QWidget window;
    window.resize(800, 600);
    popup.openOver(&window);
    QTRY_VERIFY(!seen.isEmpty());
    QStringList ids = seen.last().first().toStringList();
    QCOMPARE(ids.first(), QStringLiteral("0"));
    QVERIFY2(ids.size() > 3 && ids.size() < 30, qPrintable(QString::number(ids.size())));
    seen.clear();
    popup.findChild<QLineEdit *>()->setText(QStringLiteral("model 799"));
    QTRY_VERIFY(!seen.isEmpty());
    QCOMPARE(seen.last().first().toStringList(), QStringList(QStringLiteral("799")));
}

void tst_FilterPopup::lateAnswersAreIgnored()
{
    ui::FilterPopup popup(m_theme);
    popup.findChild<QLineEdit *>()->setText(QStringLiteral("now"));
    popup.setFoundRows(QStringLiteral("before"), rows());
    QVERIFY(popup.shownIds().isEmpty());
    popup.setFoundRows(QStringLiteral("now"), rows());
    QCOMPARE(popup.shownIds().size(), 3);
}

void tst_FilterPopup::modelRowsSayWhatTheyCost()
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
    QCOMPARE(ui::popupRow(row, m_theme.theme()).right, QString()); // nobody knows yet
    row.region = QStringLiteral("eu-west-1");
    row.expected = core::Cost{core::PicoUsd(3'600'000'000), core::PicoUsd(86'000'000'000), true};
    QVERIFY(ui::popupRow(row, m_theme.theme())
                .detail.startsWith(QStringLiteral("Anthropic · eu-west-1 · context unknown")));
    QCOMPARE(ui::popupRow(row, m_theme.theme()).right, QStringLiteral("$0.0036 – 0.0860"));
    row.expected = core::Cost{{}, {}, false};
    QCOMPARE(ui::popupRow(row, m_theme.theme()).right, QString()); // which is not zero
}

void tst_FilterPopup::modelRowsSayWhetherTheyAnswer_data()
{
    QTest::addColumn<ui::ModelState>("state");
    QTest::addColumn<QTime>("until");
    QTest::addColumn<QString>("said");
    QTest::newRow("ready") << ui::ModelState::Ready << QTime() << QStringLiteral("ready");
    QTest::newRow("no-key") << ui::ModelState::NoKey << QTime() << QStringLiteral("Add key");
    QTest::newRow("local") << ui::ModelState::Local << QTime() << QStringLiteral("local");
    QTest::newRow("limited") << ui::ModelState::Limited << QTime(10, 41)
                             << QStringLiteral("limited until 10:41");
    QTest::newRow("limited-for-moments")
        << ui::ModelState::Limited << QTime(10, 41, 8) << QStringLiteral("limited until 10:41:08");
    QTest::newRow("limited-nobody-knows-how-long")
        << ui::ModelState::Limited << QTime() << QStringLiteral("limited");
}

void tst_FilterPopup::modelRowsSayWhetherTheyAnswer()
{
    QFETCH(const ui::ModelState, state);
    QFETCH(const QTime, until);
    ui::ModelRow row;
    row.state = state;
    row.limitedUntil = until;
    QTEST(ui::popupRow(row, m_theme.theme()).state, "said");
    QCOMPARE(ui::popupRow(row, m_theme.theme()).alerts, state == ui::ModelState::Limited);
}

} // namespace

QTEST_MAIN(tst_FilterPopup)
#include "tst_filterpopup.moc"
