// The whole window with the practice provider: what its keys do, and what a deleted chat leaves.
#include "app/windowcontroller.h"
#include "core/practice/practiceprovider.h"
#include "core/settings/setting.h"
#include "ui/chat/chatscreen.h"
#include "ui/compare/comparescreen.h"
#include "ui/transcript/composeredit.h"
#include "ui/transcript/transcriptview.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/filterpopup.h"
#include "ui/widgets/icons.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

class tst_WindowController : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { ui::loadIcons(); }
    void init();
    void cleanup();
    void placesLeaveDetailsAlone_data();
    void placesLeaveDetailsAlone();
    void detailsAreToggled();
    void textGrowsWithoutShift();
    void whatNobodyTakesIsWritten();
    void undoShowsTheChatAgain();
    void whatIsLookedAtStays();
    void escapeStopsWhatIsInSight();
    void sendKeyIsThatOfLanesToo();
    void sendKeyHoldsInAScreenMadeLater();
    void lastChosenChatIsShown();
    void placeChosenMeanwhileStays();
    void renamedChatIsClosedAgain();
    void leftComparisonIsClosed();
    void leftComparisonWaitsForUndo();
    void whatIsInSightIsSelected();
    void newChatsAreOfTheWorkspaceShown();
    void movingIsUndone();
    void eachWorkspaceAsksByItsOwnPatterns();
    void deletedWorkspaceIsLeft();
    void untouchedChatFollowsItsWorkspace();
    void keptTextSizeIsInEveryField();
    void whatWasFoundIsInSight();
    void whatWasFoundInALaneIsInSight();
    void answersAreSaidAsChosen();

private:
    void press(int key, Qt::KeyboardModifiers modifiers = Qt::ControlModifier)
    {
        QTest::keyClick(m_window, static_cast<Qt::Key>(key), modifiers);
    }
    [[nodiscard]] bool detailsShown() const
    {
        return m_engine->settings().value(core::settings::DetailsShown);
    }
    [[nodiscard]] core::WorkspaceBook &workspaces() const { return m_engine->workspaces(); }
    void type(const QString &text) const
    {
        auto *edit = chat()->findChild<ui::ComposerEdit *>();
        QTest::keyClicks(edit, text);
    }
    void send() const { QTest::keyClick(chat()->findChild<ui::ComposerEdit *>(), Qt::Key_Return); }
    //! A chat that has been answered and is open no more; 0: it did not come so far.
    [[nodiscard]] std::int64_t askAndLeave() const
    {
        type(QStringLiteral("Hello"));
        send();
        const core::Conversation *asked = chat()->conversation();
        const std::int64_t id = asked->id();
        if (!QTest::qWaitFor([asked] { return !asked->isRunning(); }))
            return 0;
        m_window->trigger(ui::Command::NewChat);
        const bool isLeft =
            QTest::qWaitFor([this, id] { return !m_engine->conversations().find(id); });
        return isLeft ? id : 0;
    }
    [[nodiscard]] QStringList rows() const
    {
        ui::SidebarModel &model = m_window->sidebar().model();
        QStringList titles;
        for (int row = 0; row < model.rowCount(); ++row) {
            if (const core::SidebarEntry *entry = model.entry(model.index(row)))
                titles.append(entry->title);
        }
        titles.sort();
        return titles;
    }
    //! As a person does in the sidebar.
    void choose(const QString &workspace) const
    {
        auto *choice = m_window->findChild<QComboBox *>(QStringLiteral("workspaceChoice"));
        m_window->resize(1440, 900); // narrow, the sidebar is a rail
        QVERIFY(choice);
        QTRY_VERIFY(choice->isVisible());
        choice->setCurrentText(workspace);
        QCOMPARE(choice->currentText(), workspace);
        Q_EMIT choice->activated(choice->currentIndex());
    }
    //! As a person does by Ctrl+K: takes the first of what is found.
    void find(const QString &word, const QString &kind = QStringLiteral("chat:"))
    {
        press(Qt::Key_K);
        auto *palette = m_window->findChild<ui::FilterPopup *>(QStringLiteral("palette"));
        auto *field = palette->findChild<QLineEdit *>();
        QTest::keyClicks(field, word);
        QTRY_VERIFY(palette->shownIds().value(0).startsWith(kind));
        QTest::keyClick(field, Qt::Key_Return);
    }
    [[nodiscard]] ui::ChatScreen *chat() const { return m_window->findChild<ui::ChatScreen *>(); }
    //! From its first showing on.
    [[nodiscard]] ui::CompareScreen *compare() const
    {
        return m_window->findChild<ui::CompareScreen *>();
    }
    //! One that was written in, shown by nobody yet.
    [[nodiscard]] core::Comparison *otherComparison() const
    {
        const core::Target target = m_engine->defaultTarget();
        core::Comparison *other = m_engine->comparisons().create({target, target});
        other->setDraft(QStringLiteral("Half a thought"));
        return other;
    }

    QTemporaryDir m_directory;
    std::unique_ptr<app::Engine> m_engine;
    std::unique_ptr<ui::ThemeSource> m_theme;
    std::unique_ptr<app::WindowController> m_controller;
    ui::MainWindow *m_window = nullptr;
    int m_profiles = 0;
};

void tst_WindowController::init()
{
    app::EngineOptions options;
    options.profile = app::Profile::below(m_directory.filePath(QString::number(++m_profiles)));
    options.demo = true;
    auto engine = app::Engine::create(options);
    QVERIFY(engine);
    m_engine = std::move(*engine);
    m_engine->practice()->controls().setSpeed(0);
    m_theme = std::make_unique<ui::ThemeSource>();
    m_controller = std::make_unique<app::WindowController>(*m_engine, *m_theme);
    m_controller->show();
    for (QWidget *window : QApplication::topLevelWidgets()) {
        if (auto *found = qobject_cast<ui::MainWindow *>(window))
            m_window = found;
    }
    QVERIFY(m_window);
    QVERIFY(QTest::qWaitForWindowActive(m_window));
}

void tst_WindowController::cleanup()
{
    m_engine->conversations().stopAll();
    m_controller.reset();
    m_theme.reset();
    m_engine.reset();
    m_window = nullptr;
}

void tst_WindowController::placesLeaveDetailsAlone_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<ui::Place>("place");
    QTest::newRow("chats") << int(Qt::Key_1) << ui::Place::Chats;
    QTest::newRow("compare") << int(Qt::Key_2) << ui::Place::Compare;
    QTest::newRow("dashboard") << int(Qt::Key_3) << ui::Place::Dashboard;
    QTest::newRow("settings") << int(Qt::Key_4) << ui::Place::Settings;
    QTest::newRow("settings-by-comma") << int(Qt::Key_Comma) << ui::Place::Settings;
}

void tst_WindowController::placesLeaveDetailsAlone()
{
    QFETCH(const int, key);
    QFETCH(const ui::Place, place);
    const bool before = detailsShown();
    press(key);
    QTRY_COMPARE(m_window->place(), place);
    press(Qt::Key_1);
    QTRY_COMPARE(m_window->place(), ui::Place::Chats);
    QCOMPARE(detailsShown(), before);
}

void tst_WindowController::detailsAreToggled()
{
    const bool before = detailsShown();
    press(Qt::Key_I);
    QTRY_COMPARE(detailsShown(), !before);
    press(Qt::Key_I);
    QTRY_COMPARE(detailsShown(), before);
}

void tst_WindowController::textGrowsWithoutShift()
{
    const int before = m_theme->textPercent();
    press(Qt::Key_Equal);
    QTRY_VERIFY(m_theme->textPercent() > before);
    press(Qt::Key_Minus);
    QTRY_COMPARE(m_theme->textPercent(), before);
}

void tst_WindowController::whatNobodyTakesIsWritten()
{
    auto *edit = chat()->findChild<ui::ComposerEdit *>();
    QVERIFY(chat()->conversation()->send(QStringLiteral("Hello"))); // an empty chat shows no view
    QTRY_VERIFY(!chat()->conversation()->isRunning());
    auto *transcript = chat()->findChild<ui::TranscriptView *>();
    transcript->setFocus();
    QTRY_VERIFY(transcript->hasFocus());
    QTest::keyClick(transcript, Qt::Key_H);
    QCOMPARE(edit->toPlainText(), QStringLiteral("h"));
    QVERIFY(edit->hasFocus());
}

void tst_WindowController::undoShowsTheChatAgain()
{
    auto *edit = chat()->findChild<ui::ComposerEdit *>();
    QTest::keyClicks(edit, QStringLiteral("Hello"));
    QTest::keyClick(edit, Qt::Key_Return);
    const core::Conversation *asked = chat()->conversation();
    QTRY_VERIFY(!asked->isRunning());
    const std::int64_t id = asked->id();
    Q_EMIT chat()->deleteRequested(id);
    QTRY_VERIFY(chat()->conversation() && chat()->conversation()->id() != id);
    ui::PillButton *undo = nullptr;
    for (auto *button : m_window->findChildren<ui::PillButton *>()) {
        if (button->isVisible() && button->text() == QStringLiteral("Undo"))
            undo = button;
    }
    QVERIFY(undo);
    QTest::mouseClick(undo, Qt::LeftButton);
    QTRY_COMPARE(chat()->conversation()->id(), id);
    QCOMPARE(chat()->conversation()->path().size(), 2);
    QTRY_VERIFY(edit->hasFocus());
}

//! Also when the chat or the comparison that stands at another place is deleted.
void tst_WindowController::whatIsLookedAtStays()
{
    core::Conversation *asked = chat()->conversation();
    const std::int64_t id = asked->id();
    QVERIFY(asked->send(QStringLiteral("Hello")));
    QTRY_VERIFY(!asked->isRunning());
    m_window->trigger(ui::Command::PlaceCompare);
    auto *compare = m_window->findChild<ui::CompareScreen *>();
    const std::int64_t comparisonId = compare->comparison()->record().id;
    QVERIFY(compare->comparison()->send(QStringLiteral("Hello")));
    QTRY_VERIFY(!compare->comparison()->isRunning());

    Q_EMIT m_window->sidebar().deleteRequested({{id, false}});
    QTRY_VERIFY(chat()->conversation()->id() != id);
    QCOMPARE(m_window->place(), ui::Place::Compare);
    QCOMPARE(compare->comparison()->record().id, comparisonId);

    m_window->trigger(ui::Command::PlaceDashboard);
    Q_EMIT m_window->sidebar().deleteRequested({{comparisonId, true}});
    QTRY_VERIFY(compare->comparison()->record().id != comparisonId);
    QCOMPARE(m_window->place(), ui::Place::Dashboard);
}

void tst_WindowController::escapeStopsWhatIsInSight()
{
    m_engine->practice()->controls().setSpeed(5);
    type(QStringLiteral("Write 500 words"));
    send();
    const core::Conversation *asked = chat()->conversation();
    QVERIFY(asked->isRunning());
    for (const ui::Command place : {ui::Command::PlaceDashboard, ui::Command::PlaceSettings}) {
        m_window->trigger(place);
        m_window->trigger(ui::Command::Escape);
        QVERIFY(asked->isRunning());
    }
    m_window->trigger(ui::Command::PlaceChats);
    m_window->trigger(ui::Command::Escape);
    QVERIFY(!asked->isRunning());
}

//! Ctrl+Enter sends to all lanes whatever Enter does, and leaves the chat to the chosen key.
void tst_WindowController::sendKeyIsThatOfLanesToo()
{
    m_window->trigger(ui::Command::PlaceCompare);
    auto *compare = m_window->findChild<ui::CompareScreen *>();
    auto *edit = compare->findChild<ui::ComposerEdit *>();
    const auto turns = [compare] { return compare->comparison()->lanes().first()->path().size(); };
    const auto sendBy = [edit](Qt::Key key, Qt::KeyboardModifiers modifiers) {
        QTest::keyClicks(edit, QStringLiteral("Hello"));
        QTest::keyClick(edit, key, modifiers);
    };
    sendBy(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(turns(), 2);
    QTRY_VERIFY(!compare->comparison()->isRunning());
    sendBy(Qt::Key_Enter, Qt::ControlModifier | Qt::KeypadModifier);
    QTRY_COMPARE(turns(), 4);
    QTRY_VERIFY(!compare->comparison()->isRunning());

    QVERIFY(m_engine->settings().setValue(core::settings::SendWithEnter, false));
    sendBy(Qt::Key_Return, Qt::NoModifier);
    QCOMPARE(edit->toPlainText(), QStringLiteral("Hello\n"));
    QCOMPARE(turns(), 4);
    m_window->trigger(ui::Command::PlaceChats);
    type(QStringLiteral("Hello"));
    QTest::keyClick(chat()->findChild<ui::ComposerEdit *>(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(chat()->conversation()->path().size(), 2);
    QTRY_VERIFY(!chat()->conversation()->isRunning());
}

//! Compare is made when it is first shown, after the settings were applied.
void tst_WindowController::sendKeyHoldsInAScreenMadeLater()
{
    QVERIFY(m_engine->settings().setValue(core::settings::SendWithEnter, false));
    QVERIFY(!compare());
    m_window->trigger(ui::Command::PlaceCompare);
    auto *edit = compare()->findChild<ui::ComposerEdit *>();
    QTest::keyClicks(edit, QStringLiteral("Hello"));
    QTest::keyClick(edit, Qt::Key_Return);
    QCOMPARE(edit->toPlainText(), QStringLiteral("Hello\n"));
}

//! One that takes longer to load does not come over what was chosen after it.
void tst_WindowController::lastChosenChatIsShown()
{
    const std::int64_t first = askAndLeave();
    QVERIFY(first != 0);
    type(QStringLiteral("Half a thought"));
    const std::int64_t written = chat()->conversation()->id();
    Q_EMIT m_window->sidebar().opened({first, false});
    Q_EMIT m_window->sidebar().opened({written, false});               // it is open: no wait
    const auto loaded = m_engine->store().conversations().load(first); // answered after it
    QTRY_VERIFY(loaded.isFinished());
    QTest::qWait(50);
    QCOMPARE(chat()->conversation()->id(), written);
    QVERIFY(!m_engine->conversations().find(first)); // nobody shows it
    Q_EMIT m_window->sidebar().opened({first, false});
    QTRY_COMPARE(chat()->conversation()->id(), first);
}

void tst_WindowController::placeChosenMeanwhileStays()
{
    const std::int64_t left = askAndLeave();
    QVERIFY(left != 0);
    const std::int64_t shown = chat()->conversation()->id();
    Q_EMIT m_window->sidebar().opened({left, false});
    m_window->trigger(ui::Command::PlaceDashboard);
    const auto loaded = m_engine->store().conversations().load(left); // answered after it
    QTRY_VERIFY(loaded.isFinished());
    QTest::qWait(50);
    QCOMPARE(m_window->place(), ui::Place::Dashboard);
    QCOMPARE(chat()->conversation()->id(), shown);
    QVERIFY(!m_engine->conversations().find(left)); // nobody shows it
}

//! It was opened for that only.
void tst_WindowController::renamedChatIsClosedAgain()
{
    const std::int64_t left = askAndLeave();
    QVERIFY(left != 0);
    QTRY_COMPARE(rows(), QStringList{QStringLiteral("Hello")});
    Q_EMIT m_window->sidebar().renamed({left, false}, QStringLiteral("Greeting"));
    QTRY_COMPARE(rows(), QStringList{QStringLiteral("Greeting")});
    QTRY_VERIFY(!m_engine->conversations().find(left));
    // Who opens it in the same moment keeps it.
    Q_EMIT m_window->sidebar().renamed({left, false}, QStringLiteral("Welcome"));
    Q_EMIT m_window->sidebar().opened({left, false});
    QTRY_COMPARE(chat()->conversation()->id(), left);
    QTRY_VERIFY(chat()->conversation()->isSaved());
    QCOMPARE(m_engine->conversations().find(left), chat()->conversation());
    QCOMPARE(chat()->conversation()->record().title, QStringLiteral("Welcome"));
}

//! As a chat is, with its lanes.
void tst_WindowController::leftComparisonIsClosed()
{
    m_window->trigger(ui::Command::PlaceCompare);
    core::Comparison *asked = compare()->comparison();
    const ui::SidebarKey left{asked->record().id, true};
    const std::int64_t lane = asked->lanes().constFirst()->id();
    const auto find = [this, left] { return m_engine->comparisons().find(left.id); };
    QVERIFY(asked->send(QStringLiteral("Hello")));
    QTRY_VERIFY(!asked->isRunning());
    QTRY_VERIFY(asked->isSaved());
    m_window->trigger(ui::Command::PlaceChats);
    QCOMPARE(find(), asked); // it stands in its place still
    const core::Comparison *other = otherComparison();
    Q_EMIT m_window->sidebar().opened({other->record().id, true});
    QTRY_COMPARE(compare()->comparison(), other);
    QTRY_VERIFY(!find());
    QVERIFY(!m_engine->conversations().find(lane));

    Q_EMIT m_window->sidebar().renamed(left, QStringLiteral("Greeting"));
    QTRY_VERIFY(rows().contains(QStringLiteral("Greeting")));
    QTRY_VERIFY(!find()); // it was opened for that only
    // Who opens it in the same moment keeps it.
    Q_EMIT m_window->sidebar().renamed(left, QStringLiteral("Welcome"));
    Q_EMIT m_window->sidebar().opened(left);
    QTRY_COMPARE(compare()->comparison()->record().id, left.id);
    QTRY_VERIFY(compare()->comparison()->isSaved());
    QCOMPARE(find(), compare()->comparison());
    QCOMPARE(find()->record().title, QStringLiteral("Welcome"));
    QCOMPARE(find()->lanes().constFirst()->path().size(), 2);
}

//! It would bring back what only the open one has.
void tst_WindowController::leftComparisonWaitsForUndo()
{
    m_window->trigger(ui::Command::PlaceCompare);
    core::Comparison *asked = compare()->comparison();
    const std::int64_t id = asked->record().id;
    QVERIFY(asked->addLane(m_engine->defaultTarget()));
    QVERIFY(asked->send(QStringLiteral("Hello")));
    QTRY_VERIFY(!asked->isRunning());
    const auto *card = compare()->findChild<QWidget *>(QStringLiteral("lane2"));
    QVERIFY(card);
    card->findChild<QAbstractButton *>(QStringLiteral("laneClose"))->click();
    QCOMPARE(asked->lanes().size(), 2);
    QTRY_VERIFY(asked->isSaved());
    const core::Comparison *other = otherComparison();
    Q_EMIT m_window->sidebar().opened({other->record().id, true});
    QTRY_COMPARE(compare()->comparison(), other);
    QCOMPARE(m_engine->comparisons().find(id), asked);
    Q_EMIT m_window->undoExpired();
    QTRY_VERIFY(!m_engine->comparisons().find(id));
}

//! By whatever way it came there; and it is never unread.
void tst_WindowController::whatIsInSightIsSelected()
{
    ui::Sidebar &sidebar = m_window->sidebar();
    core::Conversation *asked = chat()->conversation();
    QVERIFY(asked->send(QStringLiteral("Hello")));
    QTRY_VERIFY(!asked->isRunning());
    const QList<ui::SidebarKey> chatRow{{asked->id(), false}};
    QTRY_COMPARE(sidebar.selected(), chatRow);

    m_window->trigger(ui::Command::PlaceCompare);
    QCOMPARE(sidebar.selected(), QList<ui::SidebarKey>()); // it has no row yet
    core::Comparison *comparison = m_window->findChild<ui::CompareScreen *>()->comparison();
    QVERIFY(comparison->send(QStringLiteral("Hello")));
    QTRY_VERIFY(!comparison->isRunning());
    const QList<ui::SidebarKey> comparisonRow{{comparison->record().id, true}};
    QTRY_COMPARE(sidebar.selected(), comparisonRow);

    m_window->trigger(ui::Command::PlaceChats);
    QCOMPARE(sidebar.selected(), chatRow);
    m_window->trigger(ui::Command::PlaceCompare);
    QCOMPARE(sidebar.selected(), comparisonRow);
    m_window->trigger(ui::Command::PlaceDashboard); // of neither
    QCOMPARE(sidebar.selected(), comparisonRow);
    m_window->trigger(ui::Command::PlaceCompare);
    QVERIFY(comparison->send(QStringLiteral("And now?")));
    QTRY_VERIFY(!comparison->isRunning());
    const QModelIndex row = sidebar.model().indexOf(comparisonRow.first());
    QCOMPARE(row.data(ui::SidebarModel::ActivityRole).toInt(), int(ui::Activity::None));
}

void tst_WindowController::newChatsAreOfTheWorkspaceShown()
{
    core::Workspace work = *workspaces().find(workspaces().add(QStringLiteral("Work")));
    work.model = QStringLiteral("practice/practice-fast");
    work.options.system = QStringLiteral("Be brief.");
    workspaces().change(work);
    auto *named = chat()->findChild<QLabel *>(QStringLiteral("chatWorkspace"));
    QCOMPARE(named->text(), QStringLiteral("Personal"));
    type(QStringLiteral("At home"));
    send();
    QTRY_VERIFY(!chat()->conversation()->isRunning());
    QTRY_COMPARE(rows(), QStringList{QStringLiteral("At home")});

    choose(QStringLiteral("Work"));
    QTRY_COMPARE(rows(), QStringList());
    QVERIFY(!chat()->conversation()->isEmpty()); // what is read stays
    m_window->trigger(ui::Command::NewChat);
    const core::ConversationRecord &record = chat()->conversation()->record();
    QCOMPARE(record.workspaceId, work.id);
    QCOMPARE(record.options, work.options);
    QCOMPARE(record.target.model, QStringLiteral("practice-fast"));
    QCOMPARE(named->text(), QStringLiteral("Work"));
    choose(QStringLiteral("Personal")); // nothing was written: it is of this one now
    QCOMPARE(chat()->conversation()->record().workspaceId, workspaces().first());
    QCOMPARE(chat()->conversation()->record().options, core::ChatOptions());
    type(QStringLiteral("Half a"));
    choose(QStringLiteral("Work"));
    QCOMPARE(chat()->conversation()->record().workspaceId, work.id);
    type(QStringLiteral(" thought")); // and goes along where something was
    send();
    QTRY_VERIFY(!chat()->conversation()->isRunning());
    QTRY_COMPARE(rows(), QStringList{QStringLiteral("Half a thought")});
    choose(QStringLiteral("All workspaces"));
    QTRY_COMPARE(rows().size(), 2);
    QCOMPARE(workspaces().current(), workspaces().first());
    QCOMPARE(m_engine->settings().value(core::settings::ShownWorkspace), QString());
}

void tst_WindowController::movingIsUndone()
{
    const std::int64_t work = workspaces().add(QStringLiteral("Work"));
    type(QStringLiteral("100 %1 sure"));
    send();
    core::Conversation *moved = chat()->conversation();
    QTRY_VERIFY(!moved->isRunning());
    choose(QStringLiteral("Personal"));
    QTRY_COMPARE(rows(), QStringList{QStringLiteral("100 %1 sure")});
    Q_EMIT chat()->moveRequested(moved->id(), work);
    QTRY_COMPARE(moved->record().workspaceId, work);
    QTRY_COMPARE(rows(), QStringList());
    ui::PillButton *undo = nullptr;
    for (auto *button : m_window->findChildren<ui::PillButton *>()) {
        if (button->isVisible() && button->text() == QStringLiteral("Undo"))
            undo = button;
    }
    QVERIFY(undo);
    QVERIFY(undo->parentWidget()->findChild<QLabel *>()->text().startsWith(
        QStringLiteral("\"100 %1 sure\" was moved to ")));
    QTest::mouseClick(undo, Qt::LeftButton);
    QTRY_COMPARE(moved->record().workspaceId, workspaces().first());
    QTRY_COMPARE(rows(), QStringList{QStringLiteral("100 %1 sure")});
}

void tst_WindowController::eachWorkspaceAsksByItsOwnPatterns()
{
    QVERIFY(m_engine->settings().setValue(core::settings::BlockedPatterns, QStringLiteral("Wren")));
    core::Workspace work = *workspaces().find(workspaces().add(QStringLiteral("Work")));
    work.blockedPatterns = QStringLiteral("Falcon");
    workspaces().change(work);
    core::Conversation *shown = chat()->conversation();
    type(QStringLiteral("Falcon"));
    send(); // asked about elsewhere only
    QTRY_VERIFY(!shown->isRunning());
    QCOMPARE(shown->path().size(), 2);
    shown->setWorkspace(work.id);
    type(QStringLiteral("Falcon again"));
    send();
    QCOMPARE(shown->path().size(), 2);
    auto *edit = chat()->findChild<ui::ComposerEdit *>();
    edit->setPlainText(QStringLiteral("Wren"));
    send(); // what counts everywhere does so here, too
    QCOMPARE(shown->path().size(), 2);
    edit->setPlainText(QStringLiteral("Owl"));
    send();
    QTRY_VERIFY(!shown->isRunning());
    QCOMPARE(shown->path().size(), 4);
}

void tst_WindowController::deletedWorkspaceIsLeft()
{
    const std::int64_t work = workspaces().add(QStringLiteral("Work"));
    choose(QStringLiteral("Work"));
    type(QStringLiteral("Hello"));
    send();
    QTRY_VERIFY(!chat()->conversation()->isRunning());
    const auto removed = workspaces().remove(work);
    QTRY_VERIFY(removed.isFinished());
    QVERIFY(removed.result());
    QTRY_COMPARE(rows(), QStringList{QStringLiteral("Hello")});
    QCOMPARE(chat()->conversation()->record().workspaceId, workspaces().first());
    QVERIFY(!m_window->findChild<QComboBox *>(QStringLiteral("workspaceChoice"))->isVisible());
    QVERIFY(!chat()->findChild<QLabel *>(QStringLiteral("chatWorkspace"))->isVisible());
}

//! As it is changed in Settings, while an empty chat stands open.
void tst_WindowController::untouchedChatFollowsItsWorkspace()
{
    m_window->trigger(ui::Command::PlaceSettings);
    auto *list = m_window->findChild<QListWidget *>(QStringLiteral("settingsSections"));
    list->setCurrentItem(list->findItems(QStringLiteral("Workspaces"), Qt::MatchExactly).value(0));
    auto *options = m_window->findChild<QAbstractButton *>(QStringLiteral("workspaceOptions"));
    QVERIFY(options);
    options->click();
    QWidget *popup = nullptr;
    for (QFrame *each : m_window->findChildren<QFrame *>(QStringLiteral("optionsPopup"))) {
        if (each->isVisible())
            popup = each;
    }
    QVERIFY(popup);
    QTest::keyClicks(popup->findChild<QPlainTextEdit *>(QStringLiteral("systemPrompt")),
                     QStringLiteral("Be brief."));
    popup->hide();
    core::Workspace first = workspaces().inForce(workspaces().first());
    QCOMPARE(first.options.system, QStringLiteral("Be brief."));
    QCOMPARE(chat()->conversation()->record().options, first.options);

    core::ChatOptions own = first.options;
    own.maxOutputTokens = 12;
    chat()->conversation()->setOptions(own); // by its reader: it stays as it is
    first.options = {};
    workspaces().change(first);
    QCOMPARE(chat()->conversation()->record().options, own);
}

//! As app::runWindow() does it: what the window is made of is dressed when it is whole.
void tst_WindowController::keptTextSizeIsInEveryField()
{
    m_controller.reset();
    QVERIFY(m_engine->settings().setValue(core::settings::TextSize, 150));
    const QFont usual = QApplication::font();
    m_theme = std::make_unique<ui::ThemeSource>();
    m_theme->prepare(*qApp);
    m_controller = std::make_unique<app::WindowController>(*m_engine, *m_theme);
    m_theme->dress(*qApp);
    m_controller->show();
    const int size = m_theme->theme().chrome.pixelSize();
    QVERIFY(size > ui::ThemeSource().theme().chrome.pixelSize());
    int fields = 0;
    for (QWidget *each : QApplication::allWidgets()) {
        if (!qobject_cast<QLineEdit *>(each) && !qobject_cast<QPlainTextEdit *>(each))
            continue;
        each->ensurePolished();
        ++fields;
        QVERIFY2(each->font().pixelSize() >= size, qPrintable(each->objectName()));
    }
    QVERIFY(fields > 3);
    qApp->setStyleSheet({});
    QApplication::setFont(usual);
}

//! The message itself, also where another version of it stands in its place.
void tst_WindowController::whatWasFoundIsInSight()
{
    const QString word = QStringLiteral("xylophone");
    core::Conversation *asked = chat()->conversation();
    const QString texts[] = {QStringLiteral("Hello"), word, QStringLiteral("Write 500 words"),
                             QStringLiteral("Write 500 words")};
    for (const QString &text : texts) {
        QVERIFY(asked->send(text));
        QTRY_VERIFY(!asked->isRunning());
    }
    const std::int64_t question = asked->path().at(2).id;
    const std::int64_t id = asked->id();
    const auto hits = m_engine->store().conversations().search(word, 1);
    QTRY_VERIFY(hits.isFinished());
    QVERIFY(hits.result() && hits.result()->size() == 1);
    const QString found = QString::number(hits.result()->first().messageId); // it, or its answer
    auto *view = chat()->findChild<ui::TranscriptView *>();
    const auto top = [view] { return view->item(std::max(0, view->messageAt(0))).message().id; };
    QVERIFY(top() != found);

    find(word); // in the chat that is open
    QTRY_COMPARE(top(), found);
    QCOMPARE(chat()->conversation(), asked);

    QVERIFY(asked->editAndResend(question, QStringLiteral("Write 500 words")));
    QTRY_VERIFY(!asked->isRunning());
    QVERIFY(view->indexOf(found) < 0);
    m_window->trigger(ui::Command::NewChat);
    QTRY_VERIFY(!m_engine->conversations().find(id));
    find(word);
    QTRY_COMPARE(chat()->conversation()->id(), id);
    QTRY_VERIFY(view->indexOf(found) >= 0);
    QTRY_COMPARE(top(), found);
    QCOMPARE(chat()->conversation()->path().size(), 8);
}

void tst_WindowController::whatWasFoundInALaneIsInSight()
{
    const QString word = QStringLiteral("xylophone");
    m_window->trigger(ui::Command::PlaceCompare);
    core::Comparison *asked = compare()->comparison();
    const QString texts[] = {QStringLiteral("Hello"), word, QStringLiteral("Write 500 words"),
                             QStringLiteral("Write 500 words")};
    for (const QString &text : texts) {
        QVERIFY(asked->send(text));
        QTRY_VERIFY(!asked->isRunning());
    }
    const std::int64_t id = asked->record().id;
    const auto hits = m_engine->store().conversations().search(word, 1);
    QTRY_VERIFY(hits.isFinished());
    QVERIFY(hits.result() && hits.result()->size() == 1);
    const std::int64_t found = hits.result()->first().messageId;
    const int lane = asked->lanes().constFirst()->message(found) ? 0 : 1;
    const core::Comparison *other = otherComparison();
    Q_EMIT m_window->sidebar().opened({other->record().id, true});
    QTRY_VERIFY(!m_engine->comparisons().find(id));

    find(word, QStringLiteral("comparison:"));
    QTRY_COMPARE(compare()->comparison()->record().id, id);
    const auto *card = compare()->findChild<QWidget *>(QStringLiteral("lane%1").arg(lane));
    QVERIFY(card);
    const auto *view = card->findChild<ui::TranscriptView *>();
    QTRY_COMPARE(view->item(std::max(0, view->messageAt(0))).message().id, QString::number(found));
}

//! In the chat and in each lane, of a comparison that was there before or comes later.
void tst_WindowController::answersAreSaidAsChosen()
{
    const auto areSaid = [this](ui::Announcements which) {
        const QList<ui::TranscriptView *> views = m_window->findChildren<ui::TranscriptView *>();
        return std::all_of(views.begin(), views.end(), [which](const ui::TranscriptView *view) {
            return view->announcements() == which;
        });
    };
    QVERIFY(areSaid(ui::Announcements::Sentences));
    core::Settings &settings = m_engine->settings();
    QVERIFY(settings.setValue(core::settings::SpokenAnswers, QStringLiteral("end")));
    QVERIFY(areSaid(ui::Announcements::EndOnly));
    m_window->trigger(ui::Command::PlaceCompare);
    QVERIFY(m_window->findChildren<ui::TranscriptView *>().size() >= 3);
    QVERIFY(areSaid(ui::Announcements::EndOnly));
    QVERIFY(settings.setValue(core::settings::SpokenAnswers, QStringLiteral("off")));
    QVERIFY(areSaid(ui::Announcements::Off));
}

QTEST_MAIN(tst_WindowController)
#include "tst_windowcontroller.moc"
