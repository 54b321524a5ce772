#include "tests/ui/ink.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/placebutton.h"
#include "ui/shell/sidebardelegate.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/keylabel.h"
#include "ui/widgets/plainlabel.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QPointer>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>
#include <QTextDocument>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr core::UtcTime Now{1'700'000'000'000ms}; // 2023-11-14 22:13:20 UTC

core::SidebarEntry chat(std::int64_t id, const QString &title, core::UtcTime at)
{
    core::SidebarEntry entry;
    entry.id = id;
    entry.title = title;
    entry.updatedAt = at;
    entry.model = QStringLiteral("claude-sonnet-4-5");
    entry.cost = {core::PicoUsd(41'234'000'000), core::PicoUsd(41'234'000'000), true};
    return entry;
}

QList<core::SidebarEntry> samples()
{
    QList<core::SidebarEntry> entries = {
        chat(1, QStringLiteral("Why is p99 double p95?"), Now - 1h),
        chat(2, QStringLiteral("SQL window functions"), Now - 25h),
        chat(3, QStringLiteral("Tokenizer edge cases"), Now - 24h * 5),
        chat(4, QStringLiteral("Local run"), Now - 24h * 40),
        chat(5, QStringLiteral("Ledger schema review"), Now - 24h * 90),
    };
    entries[1].comparison = true;
    entries[4].pinned = true;
    return entries;
}

class tst_MainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup() { delete m_window; }

    void groupsByDay();
    void practiceIsMarked();
    void tooltipSaysWhatARowCuts();
    void keepsTheListWhenNothingChanged();
    void rowsStayWhatTheyAre();
    void titleIsTypedWhileTheListChanges();
    void titlesBeginAtTheirFirstLetter();
    void opensByMouseOnlyRows();
    void countsWhatRuns();
    void saysWhatARowDoes();
    void runningRowsHaveNoUpperEnd_data();
    void runningRowsHaveNoUpperEnd();
    void severalRowsGoAtOnce();
    void workspacesAreChosen();
    void chatsAreMoved();
    void screensAreMadeWhenShown();
    void placesFollowKeys();
    void listOfShortcutsIsShown();
    void standardKeysDiffer();
    void becomesARailWhenNarrow();
    void placesObeyEnter();
    void largerTextCutsNoPlace();
    void railShowsTheMonthWhole_data();
    void railShowsTheMonthWhole();
    void bannerIsClosed();
    void undoesOnce();
    void undoesOneAfterTheOther();
    void asksBeforeClosing();
    void looks();

private:
    ui::ThemeSource m_theme{ui::Appearance::Light};
    ui::MainWindow *m_window = nullptr;
    bool m_mayClose = true;
    int m_made = 0; //!< Screens.
};

void tst_MainWindow::initTestCase()
{
    ui::loadIcons();
    m_theme.dress(*qApp);
}

void tst_MainWindow::init()
{
    m_mayClose = true;
    const auto make = [this] {
        ++m_made;
        return new QWidget;
    };
    m_made = 0;
    m_window = new ui::MainWindow(m_theme, {make, make, make, make}, [this] { return m_mayClose; });
    m_window->resize(1440, 900);
    m_window->sidebar().model().setEntries(samples(), Now, QTimeZone::utc());
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window));
}

void tst_MainWindow::groupsByDay()
{
    ui::SidebarModel model;
    const QAbstractItemModelTester tester(&model);
    model.setEntries(samples(), Now, QTimeZone::utc());
    QStringList shown;
    for (int row = 0; row < model.rowCount(); ++row) {
        shown << model.index(row).data().toString();
    }
    QCOMPARE(shown.join(QLatin1Char('|')),
             QStringLiteral("Pinned|Ledger schema review|Today|Why is p99 double p95?|Yesterday|"
                            "SQL window functions|Previous 7 days|Tokenizer edge cases|"
                            "October 2023|Local run"));
    QCOMPARE(model.index(1).data(ui::SidebarModel::CostRole).toString(), QStringLiteral("$0.041"));
    QCOMPARE(model.index(5).data(ui::SidebarModel::DetailRole).toString(),
             QStringLiteral("Compare"));
}

void tst_MainWindow::tooltipSaysWhatARowCuts()
{
    QList<core::SidebarEntry> entries = samples();
    entries[0].title = QStringLiteral("<b>a title</b> that no row has room for");
    entries[0].lastState = core::MessageState::Failed;
    ui::SidebarModel model;
    model.setEntries(entries, Now, QTimeZone::utc());
    const QModelIndex row = model.indexOf({entries[0].id, entries[0].comparison});
    QTextDocument shown; // as QToolTip reads it
    shown.setHtml(row.data(Qt::ToolTipRole).toString());
    QCOMPARE(shown.toPlainText(),
             QStringLiteral("<b>a title</b> that no row has room for\n%1\nfailed")
                 .arg(row.data(ui::SidebarModel::DetailRole).toString()));
}

void tst_MainWindow::practiceIsMarked()
{
    QList<core::SidebarEntry> entries = samples();
    for (core::SidebarEntry &entry : entries)
        entry.simulated = true;
    ui::SidebarModel model;
    model.setEntries(entries, Now, QTimeZone::utc());
    for (const ui::SidebarKey &key : {ui::SidebarKey{1, false}, ui::SidebarKey{2, true}})
        QCOMPARE(model.indexOf(key).data(ui::SidebarModel::DetailRole).toString(),
                 QStringLiteral("practice, simulated cost"));
    QVERIFY(model.indexOf({2, true})
                .data(Qt::AccessibleTextRole)
                .toString()
                .startsWith(QStringLiteral("SQL window functions, Compare, practice, ")));
}

void tst_MainWindow::keepsTheListWhenNothingChanged()
{
    ui::SidebarModel &model = m_window->sidebar().model();
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    model.setEntries(samples(), Now + 1min, QTimeZone::utc());
    QCOMPARE(changed.count() + inserted.count() + removed.count(), 0);
    model.setEntries(samples(), Now + 24h, QTimeZone::utc());
    QCOMPARE(removed.count(), 1); // Today is Yesterday now, and that is of the days before
    QCOMPARE(changed.count() + inserted.count(), 0);
}

void tst_MainWindow::rowsStayWhatTheyAre()
{
    ui::SidebarModel model;
    const QAbstractItemModelTester tester(&model);
    const auto titles = [&model] {
        QStringList shown;
        for (int row = 0; row < model.rowCount(); ++row)
            shown << model.index(row).data().toString();
        return shown.join(QLatin1Char('|'));
    };
    model.setEntries(samples(), Now, QTimeZone::utc());
    const QPersistentModelIndex tokenizer = model.indexOf({3, false});
    QList<core::SidebarEntry> entries = samples();
    entries[2].updatedAt = Now; // it was asked something
    entries[3].pinned = true;
    entries[4].pinned = false;
    entries.removeFirst();
    entries.append(chat(6, QStringLiteral("New one"), Now - 2h));
    model.setEntries(entries, Now, QTimeZone::utc());
    QCOMPARE(titles(), QStringLiteral("Pinned|Local run|Today|Tokenizer edge cases|New one|"
                                      "Yesterday|SQL window functions|August 2023|"
                                      "Ledger schema review"));
    QCOMPARE(tokenizer, model.indexOf({3, false}));
    model.setEntries({}, Now, QTimeZone::utc());
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(!tokenizer.isValid());
}

void tst_MainWindow::titleIsTypedWhileTheListChanges()
{
    ui::Sidebar &sidebar = m_window->sidebar();
    auto *list = sidebar.findChild<QListView *>(QStringLiteral("chatList"));
    QSignalSpy renamed(&sidebar, &ui::Sidebar::renamed);
    list->setFocus();
    sidebar.select({3, false});
    list->edit(sidebar.model().indexOf({3, false}));
    const QPointer<QLineEdit> typed = list->viewport()->findChild<QLineEdit *>();
    QVERIFY(typed && typed->isVisible());
    typed->selectAll();
    QTest::keyClicks(typed, QStringLiteral("Half a"));
    sidebar.setActivity({3, false}, ui::Activity::Streaming);
    QCOMPARE(typed->text(), QStringLiteral("Half a"));
    QList<core::SidebarEntry> entries = samples();
    entries[2].updatedAt = Now; // its answer has ended: it goes to the top
    entries[2].cost = {};
    entries.removeAt(3);
    entries.append(chat(6, QStringLiteral("New one"), Now - 2h));
    sidebar.model().setEntries(entries, Now, QTimeZone::utc());
    QCoreApplication::processEvents();
    QVERIFY(typed && typed->isVisible());
    QTest::keyClicks(typed, QStringLiteral(" title"));
    QTest::keyClick(typed, Qt::Key_Return);
    QTRY_COMPARE(renamed.size(), 1);
    QCOMPARE(renamed.constFirst().at(0).value<ui::SidebarKey>(), (ui::SidebarKey{3, false}));
    QCOMPARE(renamed.constFirst().at(1).toString(), QStringLiteral("Half a title"));
}

//! The full stops of a Hebrew title are at its left, also in a window that is not mirrored.
void tst_MainWindow::titlesBeginAtTheirFirstLetter()
{
    QStandardItemModel model;
    model.appendRow(new QStandardItem(u"\u05D0......"_s));
    QImage image(200, 60, QImage::Format_ARGB32_Premultiplied);
    image.fill(m_theme.theme().sidebar);
    QPainter painter(&image);
    QStyleOptionViewItem option;
    option.rect = image.rect();
    option.direction = Qt::LeftToRight;
    ui::SidebarDelegate(m_theme, nullptr).paint(&painter, option, model.index(0, 0));
    painter.end();
    constexpr int Above = 8; // the line of the title
    const int middle = Above + QFontMetrics(m_theme.theme().chrome).height() / 2;
    QVERIFY(depthOfFirstInk(image) > middle);
}

void tst_MainWindow::opensByMouseOnlyRows()
{
    QSignalSpy opened(&m_window->sidebar(), &ui::Sidebar::opened);
    auto *list = m_window->sidebar().findChild<QListView *>();
    const auto click = [list](int row) {
        const QRect rect = list->visualRect(list->model()->index(row, 0));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, rect.center());
    };
    click(0);
    QCOMPARE(opened.count(), 0);
    click(5);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened.first().first().value<ui::SidebarKey>(), (ui::SidebarKey{2, true}));
}

void tst_MainWindow::countsWhatRuns()
{
    ui::Sidebar &sidebar = m_window->sidebar();
    auto *stopAll = sidebar.findChild<ui::PillButton *>(QStringLiteral("stopAll"));
    QVERIFY(!stopAll->isVisible());
    sidebar.setRunning(2);
    QCOMPARE(sidebar.findChild<ui::PlainLabel *>(QStringLiteral("runningCount"))->text(),
             QStringLiteral("2 running"));
    QSignalSpy stopped(&sidebar, &ui::Sidebar::stopAllRequested);
    QTest::mouseClick(stopAll, Qt::LeftButton);
    sidebar.setRail(true);
    QTest::mouseClick(sidebar.findChild<ui::IconButton *>(QStringLiteral("stopAllIcon")),
                      Qt::LeftButton);
    QCOMPARE(stopped.size(), 2);
    sidebar.setRunning(0);
    QVERIFY(!stopAll->isVisible());
}

void tst_MainWindow::saysWhatARowDoes()
{
    ui::SidebarModel &model = m_window->sidebar().model();
    const auto said = [&model](const ui::SidebarKey &key) {
        return model.indexOf(key).data(Qt::AccessibleTextRole).toString();
    };
    QVERIFY(!said({1, false}).contains(QStringLiteral("answered")));
    m_window->sidebar().setActivity({1, false}, ui::Activity::Streaming);
    QVERIFY(said({1, false}).endsWith(QStringLiteral("being answered")));
    m_window->sidebar().setActivity({1, false}, ui::Activity::Unread);
    QVERIFY(said({1, false}).endsWith(QStringLiteral("unread")));
    m_window->sidebar().setActivity({2, true}, ui::Activity::Waiting);
    QVERIFY(said({2, true}).endsWith(QStringLiteral("waiting to retry")));
}

void tst_MainWindow::runningRowsHaveNoUpperEnd_data()
{
    QTest::addColumn<qint64>("low"); // thousandths of a dollar
    QTest::addColumn<ui::Activity>("activity");
    QTest::addColumn<QString>("shown");
    QTest::newRow("first-answer-streams") << qint64(0) << ui::Activity::Streaming << QString();
    QTest::newRow("later-answer-streams") << qint64(12) << ui::Activity::Streaming << u"≥ $0.012"_s;
    QTest::newRow("waits") << qint64(12) << ui::Activity::Waiting << u"≥ $0.012"_s;
    QTest::newRow("has-ended") << qint64(12) << ui::Activity::Unread << u"$0.012 – 0.045"_s;
}

void tst_MainWindow::runningRowsHaveNoUpperEnd()
{
    QFETCH(const qint64, low);
    QFETCH(const ui::Activity, activity);
    core::SidebarEntry entry = samples().first();
    const auto dollars = [](qint64 thousandths) {
        return core::PicoUsd(thousandths * (core::PicoUsd::PerDollar / 1000));
    };
    entry.cost = {dollars(low), dollars(45), true};
    ui::SidebarModel model;
    model.setEntries({entry}, Now, QTimeZone::utc());
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    const ui::SidebarKey key{entry.id, entry.comparison};
    model.setActivity(key, activity);
    QTEST(model.indexOf(key).data(ui::SidebarModel::CostRole).toString(), "shown");
    QVERIFY(changed.at(0).at(2).value<QList<int>>().contains(ui::SidebarModel::CostRole));
}

void tst_MainWindow::severalRowsGoAtOnce()
{
    ui::Sidebar &sidebar = m_window->sidebar();
    auto *list = sidebar.findChild<QListView *>(QStringLiteral("chatList"));
    QSignalSpy opened(&sidebar, &ui::Sidebar::opened);
    QSignalSpy erased(&sidebar, &ui::Sidebar::deleteRequested);
    QSignalSpy archived(&sidebar, &ui::Sidebar::archiveRequested);
    const auto at = [&](const ui::SidebarKey &key) {
        return list->visualRect(sidebar.model().indexOf(key)).center();
    };
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, at({1, false}));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, Qt::ControlModifier, at({3, false}));
    QCOMPARE(opened.size(), 1); // selecting opens nothing
    const QList<ui::SidebarKey> both{{1, false}, {3, false}};
    QCOMPARE(sidebar.selected(), both);

    // The list refreshes while others write: what was selected stays so.
    sidebar.model().setEntries(samples(), Now + 24h, QTimeZone::utc());
    sidebar.select({1, false});
    QCOMPARE(sidebar.selected(), both);

    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(erased.size(), 1);
    QCOMPARE(erased.constFirst().constFirst().value<QList<ui::SidebarKey>>(), both);

    Q_EMIT list->customContextMenuRequested(at({3, false}));
    auto *menu = sidebar.findChild<QMenu *>(QStringLiteral("chatMenu"));
    QVERIFY(menu);
    QCOMPARE(menu->actions().size(), 2);
    QCOMPARE(menu->actions().constFirst()->text(), QStringLiteral("Archive 2 chats"));
    menu->actions().constFirst()->trigger();
    QCOMPARE(archived.constFirst().constFirst().value<QList<ui::SidebarKey>>(), both);
    menu->close();

    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, at({3, false}));
    QCOMPARE(sidebar.selected(), (QList<ui::SidebarKey>{{3, false}}));
}

void tst_MainWindow::workspacesAreChosen()
{
    ui::Sidebar &sidebar = m_window->sidebar();
    auto *choice = sidebar.findChild<QComboBox *>(u"workspaceChoice"_s);
    QVERIFY(choice && !choice->isVisible());
    sidebar.setWorkspaces({{1, u"Personal"_s}}, 0); // the only one: nothing to choose
    QVERIFY(!choice->isVisible());
    QSignalSpy chosen(&sidebar, &ui::Sidebar::workspaceChosen);
    sidebar.setWorkspaces({{1, u"Personal"_s}, {7, u"Work"_s}}, 7);
    QVERIFY(choice->isVisible());
    QCOMPARE(choice->currentText(), u"Work"_s);
    QCOMPARE(chosen.size(), 0);
    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_Home);
    QCOMPARE(choice->currentText(), u"All workspaces"_s);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.constFirst().constFirst().value<std::int64_t>(), 0);
    QTest::keyClick(choice, Qt::Key_Down);
    QCOMPARE(chosen.constLast().constFirst().value<std::int64_t>(), 1);
    sidebar.setRail(true);
    QVERIFY(!choice->isVisible());
    sidebar.setRail(false);
    QVERIFY(choice->isVisible());
}

void tst_MainWindow::chatsAreMoved()
{
    ui::Sidebar &sidebar = m_window->sidebar();
    auto *list = sidebar.findChild<QListView *>(u"chatList"_s);
    QSignalSpy moved(&sidebar, &ui::Sidebar::moveRequested);
    QList<core::SidebarEntry> entries = samples();
    entries[0].workspaceId = 7;
    sidebar.model().setEntries(entries, Now, QTimeZone::utc());
    sidebar.setWorkspaces({{1, u"Personal"_s}, {7, u"R&D"_s}}, 0);
    Q_EMIT list->customContextMenuRequested(
        list->visualRect(sidebar.model().indexOf({1, false})).center());
    auto *menu = sidebar.findChild<QMenu *>(u"chatMenu"_s);
    QVERIFY(menu);
    auto *places = menu->findChild<QMenu *>(u"workspaceMenu"_s);
    QVERIFY(places);
    QCOMPARE(places->actions().size(), 2);
    QCOMPARE(places->actions().at(1)->text(), u"R&&D"_s);
    QVERIFY(places->actions().at(1)->isChecked() && !places->actions().at(1)->isEnabled());
    places->actions().at(0)->trigger();
    QCOMPARE(moved.size(), 1);
    QCOMPARE(moved.constFirst().at(0).value<QList<ui::SidebarKey>>(),
             (QList<ui::SidebarKey>{{1, false}}));
    QCOMPARE(moved.constFirst().at(1).value<std::int64_t>(), 1);
    menu->close();
}

void tst_MainWindow::screensAreMadeWhenShown()
{
    QCOMPARE(m_made, 1);
    m_window->setPlace(ui::Place::Settings);
    QCOMPARE(m_made, 2);
    m_window->setPlace(ui::Place::Chats);
    m_window->setPlace(ui::Place::Settings);
    QCOMPARE(m_made, 2);
}

void tst_MainWindow::placesFollowKeys()
{
    QSignalSpy commands(m_window, &ui::MainWindow::commandTriggered);
    QTest::keyClick(m_window, Qt::Key_3, Qt::ControlModifier);
    QCOMPARE(m_window->place(), ui::Place::Dashboard);
    ui::KeyMap keys;
    keys.setKey(ui::Command::PlaceCompare, QKeySequence(Qt::CTRL | Qt::Key_9));
    m_window->setKeys(keys);
    QTest::keyClick(m_window, Qt::Key_9, Qt::ControlModifier);
    QCOMPARE(m_window->place(), ui::Place::Compare);
    QTest::keyClick(m_window, Qt::Key_K, Qt::ControlModifier);
    QCOMPARE(commands.last().first().value<ui::Command>(), ui::Command::Palette);
}

void tst_MainWindow::listOfShortcutsIsShown()
{
    ui::KeyMap keys;
    keys.setKey(ui::Command::Palette, QKeySequence(Qt::CTRL | Qt::Key_P));
    keys.setKey(ui::Command::Quit, {});
    m_window->setKeys(keys);
    QTest::keyClick(m_window, Qt::Key_Slash, Qt::ControlModifier);
    auto *sheet = m_window->findChild<QWidget *>(QStringLiteral("shortcutSheet"));
    QVERIFY(sheet && sheet->isVisible());
    QStringList texts;
    for (const QLabel *label : sheet->findChildren<QLabel *>())
        texts.append(label->text());
    for (const ui::CommandInfo &info : ui::commandTable())
        QVERIFY2(texts.contains(ui::commandText(info.command)), info.id);
    QStringList shown;
    for (const auto *label : sheet->findChildren<ui::KeyLabel *>())
        shown.append(label->accessibleName());
    QVERIFY(shown.contains(QStringLiteral("Ctrl+P")));
    QVERIFY(!shown.contains(QStringLiteral("Ctrl+K")));
    QVERIFY(shown.contains(QStringLiteral("no key")));
    QTest::keyClick(sheet, Qt::Key_Escape);
    QVERIFY(!sheet->isVisible());
    m_window->trigger(ui::Command::Shortcuts);
    QSignalSpy wanted(m_window, &ui::MainWindow::shortcutSettingsRequested);
    QTest::mouseClick(sheet->findChild<QAbstractButton *>(QStringLiteral("changeShortcuts")),
                      Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
    QVERIFY(!sheet->isVisible());
}

void tst_MainWindow::standardKeysDiffer()
{
    QStringList ids;
    for (const ui::CommandInfo &info : ui::commandTable()) {
        const QKeySequence key = ui::KeyMap().key(info.command);
        QVERIFY2(key.count() == 1, info.id);
        QVERIFY2(!ui::KeyMap().owner(key, info.command), info.id);
        QVERIFY2(!ids.contains(QString::fromLatin1(info.id)), info.id);
        ids.append(QString::fromLatin1(info.id));
    }
}

void tst_MainWindow::becomesARailWhenNarrow()
{
    m_window->resize(1000, 700);
    QTRY_COMPARE(m_window->sidebar().width(), 56);
    m_window->resize(1300, 700);
    QTRY_VERIFY(m_window->sidebar().width() >= 264);
    QTest::keyClick(m_window, Qt::Key_B, Qt::ControlModifier);
    QTRY_COMPARE(m_window->sidebar().width(), 56);
}

void tst_MainWindow::placesObeyEnter()
{
    const QList<ui::PlaceButton *> places = m_window->findChildren<ui::PlaceButton *>();
    QTest::keyClick(places.at(2), Qt::Key_Return);
    QCOMPARE(m_window->place(), ui::Place::Dashboard);
    QTest::keyClick(places.at(1), Qt::Key_Enter, Qt::KeypadModifier);
    QCOMPARE(m_window->place(), ui::Place::Compare);
}

void tst_MainWindow::largerTextCutsNoPlace()
{
    const QList<ui::PlaceButton *> places = m_window->findChildren<ui::PlaceButton *>();
    QCOMPARE(places.size(), 4);
    for (const int percent : {100, 150, 200}) {
        m_theme.setTextPercent(percent);
        for (const ui::PlaceButton *place : places)
            QTRY_VERIFY2(place->width() >= place->sizeHint().width(), qPrintable(place->text()));
    }
    m_theme.setTextPercent(100);
}

void tst_MainWindow::railShowsTheMonthWhole_data()
{
    QTest::addColumn<core::Cost>("spent");
    QTest::addColumn<bool>("isWhole");
    const auto cost = [](std::int64_t low, std::int64_t high, bool complete) {
        constexpr std::int64_t Thousandth = core::PicoUsd::PerDollar / 1000;
        return core::Cost{core::PicoUsd(low * Thousandth), core::PicoUsd(high * Thousandth),
                          complete};
    };
    QTest::newRow("lower-bound") << cost(8, 8, false) << true;
    QTest::newRow("range") << cost(40, 202, true) << true;
    QTest::newRow("unknown") << cost(0, 0, false) << true;
    QTest::newRow("wider-than-the-rail") << cost(1'234'567'890, 1'234'567'890, true) << false;
}

void tst_MainWindow::railShowsTheMonthWhole()
{
    QFETCH(const core::Cost, spent);
    QFETCH(const bool, isWhole);
    m_window->resize(1000, 700);
    QTRY_COMPARE(m_window->sidebar().width(), 56);
    m_window->sidebar().setMonthSpend(QStringLiteral("November"), spent, std::nullopt);
    const auto *month = m_window->findChild<ui::PlainLabel *>(QStringLiteral("monthSpend"));
    QCOMPARE(month->wordWrap(), isWhole);
    if (!isWhole)
        return; // an ellipsis says so
    for (const QString &word : month->text().split(QLatin1Char(' ')))
        QVERIFY2(month->fontMetrics().horizontalAdvance(word) <= 52, qPrintable(word));
    QTRY_VERIFY(month->height() >= month->heightForWidth(month->width()));
}

void tst_MainWindow::bannerIsClosed()
{
    m_window->showBanner(ui::Tone::Warning, QStringLiteral("The budget is spent."),
                         {QStringLiteral("Change")});
    auto *banner = m_window->findChild<QWidget *>(QStringLiteral("banner"));
    QVERIFY(banner->isVisible());
    auto *close = banner->findChild<QAbstractButton *>(QStringLiteral("closeNotice"));
    QTRY_VERIFY(close->x() > banner->findChild<ui::PillButton *>()->x()); // at the end
    QTest::mouseClick(close, Qt::LeftButton);
    QVERIFY(!banner->isVisible());
    m_window->showBanner(ui::Tone::Warning, QStringLiteral("The budget is spent."));
    QVERIFY(banner->isVisible());
}

void tst_MainWindow::undoesOnce()
{
    int undone = 0;
    m_window->offerUndo(QStringLiteral("Chat deleted."), [&undone] { ++undone; });
    QAbstractButton *undo = nullptr;
    for (auto *button : m_window->findChildren<ui::PillButton *>()) {
        undo = button->text() == QStringLiteral("Undo") ? button : undo;
    }
    QVERIFY(undo != nullptr);
    QTest::mouseClick(undo, Qt::LeftButton);
    undo->click();
    QCOMPARE(undone, 1);
}

//! What was done first is not out of reach because something else was done after it.
void tst_MainWindow::undoesOneAfterTheOther()
{
    QStringList undone;
    for (const QString &name : {QStringLiteral("A"), QStringLiteral("B")})
        m_window->offerUndo(name, [&undone, name] { undone.append(name); });
    const auto offered = [this]() -> QAbstractButton * {
        for (auto *button : m_window->findChildren<ui::PillButton *>()) {
            if (button->isVisible() && button->text() == QStringLiteral("Undo"))
                return button;
        }
        return nullptr;
    };
    QVERIFY(offered());
    QTest::mouseClick(offered(), Qt::LeftButton);
    QCOMPARE(undone, QStringList({QStringLiteral("B")}));
    QVERIFY(!offered()); // a double click would take both back
    QTRY_VERIFY(offered());
    QCOMPARE(offered()->parentWidget()->accessibleName(), QStringLiteral("A"));
    QTest::mouseClick(offered(), Qt::LeftButton);
    QCOMPARE(undone, QStringList({QStringLiteral("B"), QStringLiteral("A")}));
    QVERIFY(!offered());
}

void tst_MainWindow::asksBeforeClosing()
{
    QSignalSpy closed(m_window, &ui::MainWindow::closed);
    m_mayClose = false;
    m_window->close();
    QVERIFY(m_window->isVisible());
    m_window->closeNow();
    QCOMPARE(closed.count(), 1);
}

//! Pictures to look at: FARTHING_SHOTS names the folder.
void tst_MainWindow::looks()
{
    m_window->sidebar().select({1, false});
    m_window->sidebar().setActivity({3, false}, ui::Activity::Streaming);
    m_window->sidebar().setMonthSpend(
        QStringLiteral("November"),
        {core::PicoUsd(18'400'000'000'000), core::PicoUsd(18'400'000'000'000), true},
        ui::MonthBudget{{18'400'000'000'000, 4'000'000'000'000, 0, 50'000'000'000'000},
                        QStringLiteral("$18.40 spent, up to $4.00 more")});
    const auto *bar = m_window->findChild<ui::BudgetBar *>(QStringLiteral("monthBudget"));
    QCOMPARE(bar->spentPermille(), 368);
    QCOMPARE(bar->unsurePermille(), 80);
    QCOMPARE(bar->accessibleDescription(), QStringLiteral("$18.40 spent, up to $4.00 more"));
    const QImage light = m_window->grab().toImage();
    QCOMPARE(light.pixelColor(255, 450), m_theme.theme().sidebar);
    m_theme.setAppearance(ui::Appearance::Dark);
    const QImage dark = m_window->grab().toImage();
    QCOMPARE(dark.pixelColor(255, 450), m_theme.theme().sidebar);
    m_theme.setAppearance(ui::Appearance::Light);
    const QString folder = qEnvironmentVariable("FARTHING_SHOTS");
    if (!folder.isEmpty()) {
        QVERIFY(light.save(folder + QStringLiteral("/shell-light.png")));
        QVERIFY(dark.save(folder + QStringLiteral("/shell-dark.png")));
    }
}

} // namespace

QTEST_MAIN(tst_MainWindow)
#include "tst_mainwindow.moc"
