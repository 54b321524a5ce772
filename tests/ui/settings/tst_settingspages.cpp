#include "app/proxypassword.h"
#include "app/settingsfacts.h"
#include "core/client/accountnotes.h"
#include "core/secrets/sessionkeystore.h"
#include "core/store/budgetbook.h"
#include "tests/ui/practicebench.h"
#include "ui/settings/appearancepage.h"
#include "ui/settings/authorityfield.h"
#include "ui/settings/budgetspage.h"
#include "ui/settings/datapage.h"
#include "ui/settings/durations.h"
#include "ui/settings/keyfield.h"
#include "ui/settings/networkpage.h"
#include "ui/settings/settingslist.h"
#include "ui/settings/shortcutspage.h"
#include "ui/settings/workspacepage.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plainlabel.h"

#include <QAccessible>
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>

using namespace core;
using namespace std::chrono_literals;

namespace {

//! Keeps keys by origin; may be locked.
class LockableKeys final : public KeyStore
{
public:
    [[nodiscard]] QFuture<Result<SecretString>> read(const Account &account,
                                                     const QString &origin) override
    {
        return m_keys.read(account, origin);
    }
    [[nodiscard]] QFuture<Result<Done>> write(const Account &account, const QString &origin,
                                              const SecretString &key) override
    {
        if (m_isLocked)
            return QtFuture::makeReadyFuture(
                Result<Done>(keyError(ErrorKind::KeyUnavailable, account)));
        return m_keys.write(account, origin, key);
    }
    [[nodiscard]] QFuture<Result<Done>> remove(const Account &account,
                                               const QString &origin) override
    {
        return m_keys.remove(account, origin);
    }
    void setLocked(bool isLocked) { m_isLocked = isLocked; }

private:
    SessionKeyStore m_keys;
    bool m_isLocked = false;
};

} // namespace

//! The pages of Settings that need no provider, on a real profile.
class tst_SettingsPages : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void durations_data();
    void durations();
    void deadlinesSaveOnLeavingWithUndo();
    void faultyFieldKeepsWhatWasTyped_data();
    void faultyFieldKeepsWhatWasTyped();
    void emptyFieldIsTheUsual();
    void proxyInForceIsShown();
    void proxyPasswordIsKeptForThatProxy();
    void proxyPasswordGoesWhenAnotherIsStored();
    void authorityIsLookedAtFirst();
    void changesReachLaterRequests();
    void keyIsTaken();
    void takenKeyAsks();
    void keyIsTakenAway();
    void resetBringsTheStandardBack();
    void plainLettersAreNoShortcuts();
    void backupIsMadeAndChecked();
    void failedBackupIsTold_data();
    void failedBackupIsTold();
    void cachedAnswersAreDeleted();
    void notificationsAreSwitched();
    void spokenAnswersAreChosen();
    void blockedPatternsSaveOnLeavingWithUndo();
    void faultyPatternIsToldAtOnce();
    void workspacesAreMadeAndNamed();
    void deletedWorkspaceComesBack();
    void workspacesHavePatternsOfTheirOwn();
    void newChatsOfAWorkspaceBeginAsSaid();
    void budgetsNameTheirWorkspace();

private:
    template <typename T>
    [[nodiscard]] T *find(const QString &name) const
    {
        T *found = m_window->findChild<T *>(name);
        return found ? found : (qFatal("no %s", qPrintable(name)), nullptr);
    }
    void show(QWidget *page)
    {
        page->setParent(m_window.get());
        page->resize(700, 900);
        m_window->resize(700, 900);
        m_window->show();
        page->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }
    [[nodiscard]] ui::NetworkPage *networkPage()
    {
        ui::NetworkFacts facts = app::networkFacts(*m_bench->engine);
        facts.systemProxy = [this] { return QtFuture::makeReadyFuture(m_systemProxy); };
        return new ui::NetworkPage(m_bench->theme, settings(), facts);
    }
    [[nodiscard]] Settings &settings() const { return m_bench->engine->settings(); }
    void type(const QString &field, const QString &text) const
    {
        auto *edit = find<QLineEdit>(field);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClick(edit, Qt::Key_Delete);
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Tab);
    }
    //! The page with workspaces; \p names are made besides the first.
    ui::WorkspacePage *showWorkspaces(const QStringList &names)
    {
        for (const QString &name : names)
            workspaces().add(name);
        auto *page = new ui::WorkspacePage(m_bench->theme, settings());
        page->setWorkspaces(
            workspaces(),
            {[](const QString &model) { return QStringLiteral("The ") + model; },
             [](const ChatOptions &options) { return options.system.isEmpty() ? 0 : 1; }});
        show(page);
        return page;
    }
    [[nodiscard]] WorkspaceBook &workspaces() const { return m_bench->engine->workspaces(); }
    [[nodiscard]] Workspace named(const QString &name) const
    {
        for (const Workspace &each : workspaces().workspaces()) {
            if (each.name == name)
                return each;
        }
        return {};
    }
    void click(const char *name) const
    {
        QTest::mouseClick(find<QAbstractButton>(QLatin1String(name)), Qt::LeftButton);
    }
    void press(const char *command, Qt::Key key, Qt::KeyboardModifiers held) const
    {
        auto *field = find<ui::KeyField>(QStringLiteral("key-") + QLatin1String(command));
        QTest::mouseClick(field, Qt::LeftButton);
        QVERIFY(field->isListening());
        QTest::keyClick(field, key, held);
    }
    [[nodiscard]] ui::KeyMap keys() const
    {
        return ui::KeyMap::fromText(settings().value(settings::Shortcuts));
    }

    std::unique_ptr<tests::PracticeBench> m_bench;
    std::unique_ptr<QWidget> m_window;
    QString m_systemProxy;
    const QString m_openai = QStringLiteral("openai");
};

void tst_SettingsPages::init()
{
    m_bench = std::make_unique<tests::PracticeBench>();
    m_window = std::make_unique<QWidget>();
    m_systemProxy.clear();
}

void tst_SettingsPages::cleanup()
{
    m_window.reset();
    m_bench.reset();
}

void tst_SettingsPages::durations_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("milliseconds"); // -1: none
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const char *typed, int count, const char *shown) {
        QTest::newRow(name) << QString::fromLatin1(typed) << count << QString::fromLatin1(shown);
    };
    row("number-alone", "10", 10'000, "10 s");
    row("seconds", " 90 s ", 90'000, "90 s");
    row("decimal-comma", "1,5s", 1'500, "1.5 s");
    row("milliseconds", "250 ms", 250, "0.25 s");
    row("minutes", "60 min", 3'600'000, "1 h");
    row("many-minutes", "5 MIN", 300'000, "5 min");
    row("hour", "1 h", 3'600'000, "1 h");
    row("negative", "-1 s", -1, "");
    row("words", "soon", -1, "");
    row("two-days", "48 h", -1, "");
    row("huge", "999999999 h", -1, "");
    row("empty", "", -1, "");
}

void tst_SettingsPages::durations()
{
    QFETCH(const QString, typed);
    QFETCH(const int, milliseconds);
    QFETCH(const QString, shown);
    const auto read = ui::durationFrom(typed);
    QCOMPARE(read.has_value(), milliseconds >= 0);
    if (!read)
        return;
    QCOMPARE(int(read->count()), milliseconds);
    QCOMPARE(ui::exactDurationText(*read), shown);
    QCOMPARE(ui::durationFrom(shown), read); // what is shown can be typed
}

void tst_SettingsPages::deadlinesSaveOnLeavingWithUndo()
{
    show(networkPage());
    const QString field = settings::ConnectTimeout.name();
    QCOMPARE(find<QLineEdit>(field)->text(), QStringLiteral("10 s"));
    auto *undo = find<QAbstractButton>(field + QStringLiteral("-undo"));
    QVERIFY(!undo->isVisible());
    type(field, QStringLiteral("25"));
    QCOMPARE(settings().value(settings::ConnectTimeout), 25'000);
    QCOMPARE(find<QLineEdit>(field)->text(), QStringLiteral("25 s"));
    QVERIFY(undo->isVisible());
    QTest::mouseClick(undo, Qt::LeftButton);
    QCOMPARE(settings().value(settings::ConnectTimeout), 10'000);
    QCOMPARE(find<QLineEdit>(field)->text(), QStringLiteral("10 s"));
}

void tst_SettingsPages::faultyFieldKeepsWhatWasTyped_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("fault");
    QTest::newRow("no-duration") << settings::IdleTimeout.name() << QStringLiteral("soon")
                                 << QStringLiteral("A time from 1 s to 1 h");
    QTest::newRow("too-long") << settings::ConnectTimeout.name() << QStringLiteral("2 h")
                              << QStringLiteral("A time from 1 s to 10 min");
    QTest::newRow("no-number") << settings::RetriesPerTarget.name() << QStringLiteral("few")
                               << QStringLiteral("A whole number from 0 to 10");
    QTest::newRow("too-many") << settings::AttemptsPerRequest.name() << QStringLiteral("99")
                              << QStringLiteral("A whole number from 1 to 20");
    QTest::newRow("more-than-all") << settings::RetryJitterPercent.name() << QStringLiteral("101")
                                   << QStringLiteral("A whole number from 0 to 100");
}

void tst_SettingsPages::faultyFieldKeepsWhatWasTyped()
{
    QFETCH(const QString, field);
    QFETCH(const QString, typed);
    QFETCH(const QString, fault);
    show(networkPage());
    QSignalSpy changed(&settings(), &Settings::changed);
    type(field, typed);
    QCOMPARE(changed.size(), 0);
    QCOMPARE(find<QLineEdit>(field)->text(), typed);
    auto *told = find<ui::PlainLabel>(field + QStringLiteral("-fault"));
    QVERIFY(told->isVisible());
    QVERIFY2(told->text().startsWith(fault), qPrintable(told->text()));
}

void tst_SettingsPages::emptyFieldIsTheUsual()
{
    QVERIFY(settings().setValue(settings::RetriesPerTarget, 7));
    show(networkPage());
    QCOMPARE(find<QLineEdit>(settings::RetriesPerTarget.name())->text(), QStringLiteral("7"));
    type(settings::RetriesPerTarget.name(), QString());
    QCOMPARE(settings().value(settings::RetriesPerTarget), 2);
    type(settings::RetriesPerTarget.name(), QStringLiteral("0"));
    QCOMPARE(settings().value(settings::RetriesPerTarget), 0);
}

void tst_SettingsPages::proxyInForceIsShown()
{
    m_systemProxy = QStringLiteral("proxy.example:3128");
    show(networkPage());
    auto *told = find<ui::PlainLabel>(QStringLiteral("proxyInForce"));
    QTRY_COMPARE(told->text(), QStringLiteral("In force: proxy.example:3128"));
    QVERIFY(settings().setValue(settings::UseSystemProxy, false));
    QTRY_VERIFY(told->text().contains(QStringLiteral("directly")));
    m_systemProxy.clear();
    QVERIFY(settings().setValue(settings::UseSystemProxy, true));
    QTRY_VERIFY(told->text().contains(QStringLiteral("names none")));
}

// The demo's keychain is none: as on a machine without one, the password is kept until quitting.
void tst_SettingsPages::proxyPasswordIsKeptForThatProxy()
{
    m_systemProxy = QStringLiteral("proxy.example:3128");
    show(networkPage());
    auto *password = find<QLineEdit>(QStringLiteral("proxyPassword"));
    QTRY_VERIFY(password->isVisible());
    type(settings::ProxyUser.name(), QStringLiteral("ada"));
    QCOMPARE(settings().value(settings::ProxyUser), QStringLiteral("ada"));
    password->setFocus();
    QTest::keyClicks(password, QStringLiteral("canary-password-83b1"));
    QTest::keyClick(password, Qt::Key_Return);
    QVERIFY(password->text().isEmpty());
    auto *notice = find<ui::NoticeBar>(QStringLiteral("proxyNotice"));
    QTRY_VERIFY(notice->isVisible());
    for (QAbstractButton *action : notice->findChildren<QAbstractButton *>()) {
        if (action->text() == QStringLiteral("Keep until I quit"))
            action->click();
    }
    auto *stored = find<ui::PlainLabel>(QStringLiteral("proxyPasswordStored"));
    QTRY_VERIFY(stored->isVisible());
    QVERIFY(stored->text().contains(QStringLiteral("proxy.example:3128")));
    QVERIFY(!password->isVisible());

    app::ProxyPassword &kept = m_bench->engine->proxyPassword();
    const auto own = kept.read(QStringLiteral("proxy.example:3128"));
    QTRY_VERIFY(own.isFinished());
    QVERIFY(own.result());
    QCOMPARE(own.result()->user, QStringLiteral("ada"));
    QCOMPARE(own.result()->password.revealCopy(), QByteArray("canary-password-83b1"));
    const auto other = kept.read(QStringLiteral("elsewhere.example:3128"));
    QTRY_VERIFY(other.isFinished());
    QCOMPARE(other.result().error().kind, ErrorKind::KeyMissing);
    QVERIFY(settings().value(settings::ProxyPasswordFor).isEmpty()); // of the keychain's alone

    QTest::mouseClick(find<QAbstractButton>(QStringLiteral("removeProxyPassword")), Qt::LeftButton);
    QTRY_VERIFY(password->isVisible());
    QVERIFY(kept.proxy().isEmpty());
}

void tst_SettingsPages::proxyPasswordGoesWhenAnotherIsStored()
{
    LockableKeys keys;
    app::ProxyPassword kept(settings(), keys);
    QVERIFY(settings().setValue(settings::ProxyUser, QStringLiteral("ada")));
    const QString one = QStringLiteral("one.example:3128");
    const QString two = QStringLiteral("two.example:3128");
    const auto save = [&kept](const QString &proxy, KeySource source) {
        const auto saved = kept.save(proxy, SecretString("password-1"), source);
        return QTest::qWaitFor([&saved] { return saved.isFinished(); }) &&
               saved.result().hasValue();
    };
    const auto isStored = [&keys](const QString &proxy) {
        Account entry;
        entry.id = -1;
        entry.provider = QStringLiteral("proxy");
        return keys.read(entry, QStringLiteral("proxy://") + proxy).result().hasValue();
    };
    QVERIFY(save(one, KeySource::Keychain));
    keys.setLocked(true);
    QVERIFY(!save(two, KeySource::Keychain));
    QCOMPARE(kept.proxy(), one);
    QVERIFY(isStored(one));
    keys.setLocked(false);
    QVERIFY(save(two, KeySource::Session));
    QVERIFY(isStored(one)); // the next start asks for it
    QVERIFY(save(two, KeySource::Keychain));
    QCOMPARE(kept.proxy(), two);
    QVERIFY(!isStored(one));
}

void tst_SettingsPages::authorityIsLookedAtFirst()
{
    AccountNotes &notes = m_bench->engine->accountNotes();
    auto *authority = new ui::AuthorityField(m_bench->theme, notes, app::certificatesIn());
    authority->show(m_openai);
    show(authority);
    const QString field = QStringLiteral("authorityFile");
    auto *told = find<ui::PlainLabel>(field + QStringLiteral("-fault"));
    type(field, QStringLiteral("/nowhere/ca.pem"));
    QTRY_VERIFY(told->isVisible());
    QVERIFY(told->text().contains(QStringLiteral("cannot be read")));
    QVERIFY(notes.authorityFile(m_openai).isEmpty());

    QFile junk(m_bench->directory.filePath(QStringLiteral("junk.pem")));
    QVERIFY(junk.open(QIODevice::WriteOnly));
    junk.write("no certificate\n");
    junk.close();
    type(field, junk.fileName());
    QTRY_VERIFY(told->isVisible() && told->text().contains(QStringLiteral("no certificate")));
    QVERIFY(notes.authorityFile(m_openai).isEmpty());

    const QString system = QStringLiteral("/etc/ssl/certs/ca-certificates.crt");
    if (!QFile::exists(system))
        QSKIP("this machine has no certificates");
    type(field, system);
    QTRY_COMPARE(notes.authorityFile(m_openai), system);
    QVERIFY(notes.authorityFile(QStringLiteral("anthropic")).isEmpty()); // it is this one's
    auto *undo = find<QAbstractButton>(field + QStringLiteral("-undo"));
    QTRY_VERIFY(undo->isVisible());
    QTest::mouseClick(undo, Qt::LeftButton);
    QTRY_VERIFY(notes.authorityFile(m_openai).isEmpty());

    type(field, system);
    QTRY_COMPARE(notes.authorityFile(m_openai), system);
    const QString own = m_bench->directory.filePath(QStringLiteral("own.pem"));
    QVERIFY(QFile::copy(system, own));
    QTest::mouseClick(find<QAbstractButton>(QStringLiteral("chooseAuthority")), Qt::LeftButton);
    auto *dialog = authority->findChild<QFileDialog *>();
    QVERIFY(dialog);
    Q_EMIT dialog->fileSelected(own);
    dialog->close();
    QTRY_COMPARE(notes.authorityFile(m_openai), own);
    QTRY_VERIFY(undo->isVisible());
    QTest::mouseClick(undo, Qt::LeftButton);
    QTRY_COMPARE(notes.authorityFile(m_openai), system); // what was there before it was chosen
}

void tst_SettingsPages::changesReachLaterRequests()
{
    show(networkPage());
    type(settings::FirstByteTimeout.name(), QStringLiteral("33 s"));
    type(settings::AttemptsPerRequest.name(), QStringLiteral("3"));
    type(settings::SlowFirstByteTimeout.name(), QStringLiteral("20 min"));
    type(settings::TargetsPerRequest.name(), QStringLiteral("2"));
    type(settings::RetryJitterPercent.name(), QStringLiteral("25"));
    type(settings::LongestQuietWait.name(), QStringLiteral("5 s"));
    type(settings::LongestWait.name(), QStringLiteral("90 s"));
    QVERIFY(m_bench->engine->applySettings()); // as the window does on each change
    const ClientOptions &options = m_bench->engine->client().options();
    QCOMPARE(options.deadlines.firstByte, 33s);
    QCOMPARE(options.maxAttempts, 3);
    QCOMPARE(options.slowFirstByte, 20min);
    QCOMPARE(options.maxTargets, 2);
    QCOMPARE(options.jitter, 0.25);
    QCOMPARE(options.longestSilentHint, 5s);
    QCOMPARE(options.longestHint, 90s);
    QCOMPARE(options.totalWait, 90s);
}

void tst_SettingsPages::keyIsTaken()
{
    show(new ui::ShortcutsPage(m_bench->theme, settings()));
    press("palette", Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    const QKeySequence given(Qt::CTRL | Qt::SHIFT | Qt::Key_P);
    QCOMPARE(keys().key(ui::Command::Palette), given);
    QCOMPARE(settings().value(settings::Shortcuts), QStringLiteral("palette=Ctrl+Shift+P"));
    auto *field = find<ui::KeyField>(QStringLiteral("key-palette"));
    QCOMPARE(field->key(), given);
    QVERIFY(field->accessibleName().endsWith(QStringLiteral("Ctrl+Shift+P")));
    press("full-screen", Qt::Key_F5, Qt::NoModifier); // these do without a modifier
    QCOMPARE(keys().key(ui::Command::FullScreen), QKeySequence(Qt::Key_F5));
    press("palette", Qt::Key_Escape, Qt::NoModifier); // leaves it as it is
    QCOMPARE(keys().key(ui::Command::Palette), given);
}

void tst_SettingsPages::takenKeyAsks()
{
    show(new ui::ShortcutsPage(m_bench->theme, settings()));
    press("find", Qt::Key_N, Qt::ControlModifier);
    auto *notice = find<ui::NoticeBar>(QStringLiteral("shortcutNotice"));
    QVERIFY(notice->isVisible());
    QVERIFY2(notice->text().contains(QStringLiteral("New chat")), qPrintable(notice->text()));
    QVERIFY(keys() == ui::KeyMap()); // nothing has changed yet
    Q_EMIT notice->actionChosen(1);
    QVERIFY(!notice->isVisible());
    QVERIFY(keys() == ui::KeyMap());
    press("find", Qt::Key_N, Qt::ControlModifier);
    Q_EMIT notice->actionChosen(0);
    QCOMPARE(keys().key(ui::Command::Find), QKeySequence(Qt::CTRL | Qt::Key_N));
    QVERIFY(keys().key(ui::Command::NewChat).isEmpty());
}

void tst_SettingsPages::keyIsTakenAway()
{
    show(new ui::ShortcutsPage(m_bench->theme, settings()));
    press("quit", Qt::Key_Backspace, Qt::NoModifier);
    QVERIFY(keys().key(ui::Command::Quit).isEmpty());
    QCOMPARE(settings().value(settings::Shortcuts), QStringLiteral("quit="));
}

void tst_SettingsPages::resetBringsTheStandardBack()
{
    QVERIFY(settings().setValue(settings::Shortcuts,
                                QStringLiteral("quit=\nfind=Ctrl+Alt+F\nunknown=Ctrl+X\njunk")));
    show(new ui::ShortcutsPage(m_bench->theme, settings()));
    auto *reset = find<QAbstractButton>(QStringLiteral("reset-find"));
    QVERIFY(reset->isVisible());
    QVERIFY(!find<QAbstractButton>(QStringLiteral("reset-palette"))->isVisible());
    QTest::mouseClick(reset, Qt::LeftButton);
    QCOMPARE(keys().key(ui::Command::Find), QKeySequence(Qt::CTRL | Qt::Key_F));
    QTest::mouseClick(find<QAbstractButton>(QStringLiteral("resetShortcuts")), Qt::LeftButton);
    QVERIFY(keys() == ui::KeyMap());
    QVERIFY(settings().value(settings::Shortcuts).isEmpty());
}

void tst_SettingsPages::plainLettersAreNoShortcuts()
{
    show(new ui::ShortcutsPage(m_bench->theme, settings()));
    press("palette", Qt::Key_P, Qt::NoModifier);
    auto *field = find<ui::KeyField>(QStringLiteral("key-palette"));
    QVERIFY(field->isListening()); // it would be lost to every text
    QTest::keyClick(field, Qt::Key_Tab);
    QVERIFY(field->isListening());
    QVERIFY(keys() == ui::KeyMap());
}

void tst_SettingsPages::backupIsMadeAndChecked()
{
    show(new ui::DataPage(m_bench->theme, app::dataFacts(*m_bench->engine)));
    QVERIFY(find<ui::PlainLabel>(QStringLiteral("dataFolder"))
                ->text()
                .startsWith(m_bench->directory.path()));
    auto *now = find<QAbstractButton>(QStringLiteral("backUpNow"));
    QTest::mouseClick(now, Qt::LeftButton);
    QVERIFY(!now->isEnabled()); // one at a time
    auto *result = find<ui::PlainLabel>(QStringLiteral("backupResult"));
    QTRY_VERIFY(result->isVisible());
    QVERIFY2(result->text().startsWith(QStringLiteral("Backed up and checked: ")),
             qPrintable(result->text()));
    QVERIFY(now->isEnabled());
    const QFileInfo copy(result->text().section(QStringLiteral(": "), 1));
    QVERIFY(copy.size() > 0);
    QCOMPARE(copy.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    QVERIFY(find<ui::PlainLabel>(QStringLiteral("newestBackup"))
                ->text()
                .startsWith(QStringLiteral("The newest is of ")));
}

void tst_SettingsPages::failedBackupIsTold_data()
{
    QTest::addColumn<bool>("isDatabase");
    QTest::newRow("no-such-folder") << false;
    QTest::newRow("the-database-itself") << true;
}

void tst_SettingsPages::failedBackupIsTold()
{
    QFETCH(const bool, isDatabase);
    const QString file =
        isDatabase ? m_bench->engine->store().databasePath() : QStringLiteral("/proc/no/backup.db");
    ui::DataFacts facts = app::dataFacts(*m_bench->engine);
    facts.backUp = [backUp = facts.backUp, file](const QString &) { return backUp(file); };
    show(new ui::DataPage(m_bench->theme, facts));
    QTest::mouseClick(find<QAbstractButton>(QStringLiteral("backUpNow")), Qt::LeftButton);
    auto *result = find<ui::PlainLabel>(QStringLiteral("backupResult"));
    QTRY_VERIFY(result->isVisible());
    QVERIFY2(!result->text().startsWith(QStringLiteral("Backed up")), qPrintable(result->text()));
    QCOMPARE(result->text().contains(QStringLiteral("the database itself")), isDatabase);
}

void tst_SettingsPages::cachedAnswersAreDeleted()
{
    core::CachedAnswer answer;
    answer.parts = {core::TextPart{QString(1'500, QLatin1Char('x'))}};
    m_bench->engine->answerCache().keep("0a", answer);
    show(new ui::DataPage(m_bench->theme, app::dataFacts(*m_bench->engine)));
    QTest::mouseClick(find<QAbstractButton>(QStringLiteral("clearCache")), Qt::LeftButton);
    auto *result = find<ui::PlainLabel>(QStringLiteral("cacheResult"));
    QTRY_VERIFY(result->isVisible());
    QVERIFY2(result->text().startsWith(QStringLiteral("Deleted: 2 KB")),
             qPrintable(result->text()));
    const auto found = m_bench->engine->answerCache().find("0a");
    QTRY_VERIFY(found.isFinished());
    QVERIFY(!found.result()->has_value());
}

void tst_SettingsPages::notificationsAreSwitched()
{
    show(new ui::AppearancePage(m_bench->theme, settings()));
    QVERIFY(settings().value(settings::NotifyOfAnswers));
    auto *check = find<QCheckBox>(settings::NotifyOfAnswers.name());
    check->setFocus();
    QTest::keyClick(check, Qt::Key_Space);
    QVERIFY(!settings().value(settings::NotifyOfAnswers));
}

void tst_SettingsPages::spokenAnswersAreChosen()
{
    show(new ui::AppearancePage(m_bench->theme, settings()));
    auto *choice = find<QWidget>(QStringLiteral("spokenAnswersChoice"));
    QVERIFY(choice->isVisible());
    QVERIFY(!choice->accessibleName().isEmpty());
    const QAccessibleInterface *told = QAccessible::queryAccessibleInterface(choice);
    QCOMPARE(told->text(QAccessible::Value), QStringLiteral("A sentence at a time"));
    choice->setFocus();
    QTest::keyClick(choice, Qt::Key_Right);
    QCOMPARE(settings().value(settings::SpokenAnswers), QStringLiteral("end"));
    QTest::keyClick(choice, Qt::Key_Right);
    QCOMPARE(settings().value(settings::SpokenAnswers), QStringLiteral("off"));
}

void tst_SettingsPages::blockedPatternsSaveOnLeavingWithUndo()
{
    QVERIFY(settings().setValue(settings::BlockedPatterns, QStringLiteral("Wren")));
    show(new ui::WorkspacePage(m_bench->theme, settings()));
    const QString field = settings::BlockedPatterns.name();
    auto *edit = find<QPlainTextEdit>(field);
    auto *undo = find<QAbstractButton>(field + QStringLiteral("-undo"));
    QCOMPARE(edit->toPlainText(), QStringLiteral("Wren"));
    edit->setFocus();
    edit->moveCursor(QTextCursor::End);
    QTest::keyClicks(edit, QStringLiteral(" "));
    QTest::keyClick(edit, Qt::Key_Return);
    QTest::keyClick(edit, Qt::Key_Return);
    QTest::keyClicks(edit, QStringLiteral("/ACME-\\d+/"));
    QCOMPARE(settings().value(settings::BlockedPatterns), QStringLiteral("Wren"));
    edit->clearFocus();
    const QString both = QStringLiteral("Wren\n/ACME-\\d+/");
    QCOMPARE(settings().value(settings::BlockedPatterns), both);
    QVERIFY(undo->isVisible());
    QTest::mouseClick(undo, Qt::LeftButton);
    QCOMPARE(settings().value(settings::BlockedPatterns), QStringLiteral("Wren"));
    QCOMPARE(edit->toPlainText(), QStringLiteral("Wren"));
    edit->setFocus();
    edit->clear();
    edit->window()->hide(); // leaves it, too
    QCOMPARE(settings().value(settings::BlockedPatterns), QString());
}

void tst_SettingsPages::faultyPatternIsToldAtOnce()
{
    show(new ui::WorkspacePage(m_bench->theme, settings()));
    const QString field = settings::BlockedPatterns.name();
    auto *edit = find<QPlainTextEdit>(field);
    auto *told = find<ui::PlainLabel>(field + QStringLiteral("-fault"));
    QSignalSpy changed(&settings(), &Settings::changed);
    edit->setFocus();
    QTest::keyClicks(edit, QStringLiteral("Wren"));
    QTest::keyClick(edit, Qt::Key_Return);
    QTest::keyClicks(edit, QStringLiteral("/ACME-(/"));
    QVERIFY(told->isVisible());
    QVERIFY2(told->text().startsWith(QStringLiteral("Line 2 is no regular expression: ")),
             qPrintable(told->text()));
    edit->clearFocus();
    QCOMPARE(changed.size(), 0);
    QCOMPARE(edit->toPlainText(), QStringLiteral("Wren\n/ACME-(/"));
    edit->setPlainText(QStringLiteral("Wren\n/ACME-/"));
    QVERIFY(!told->isVisible());
}

void tst_SettingsPages::workspacesAreMadeAndNamed()
{
    showWorkspaces({});
    auto *list = find<ui::SettingsList>(QStringLiteral("workspaceList"));
    QCOMPARE(list->count(), 1);
    QVERIFY(!find<QAbstractButton>(QStringLiteral("removeWorkspace"))->isEnabled());
    click("addWorkspace");
    QCOMPARE(list->count(), 2);
    auto *name = find<QLineEdit>(QStringLiteral("workspaceName"));
    QVERIFY(name->hasFocus()); // with its name selected
    QTest::keyClicks(name, QStringLiteral("Atelier"));
    QTest::keyClick(name, Qt::Key_Return);
    QCOMPARE(named(QStringLiteral("Atelier")).id, list->currentId().toLongLong());
    QVERIFY(find<QAbstractButton>(QStringLiteral("removeWorkspace"))->isEnabled());
    type(QStringLiteral("workspaceName"), QStringLiteral("personal"));
    auto *fault = find<ui::PlainLabel>(QStringLiteral("workspaceName-fault"));
    QVERIFY(fault->isVisible());
    QCOMPARE(workspaces().workspaces().constLast().name, QStringLiteral("Atelier"));
}

void tst_SettingsPages::deletedWorkspaceComesBack()
{
    showWorkspaces({QStringLiteral("Work"), QStringLiteral("Study")});
    auto *list = find<ui::SettingsList>(QStringLiteral("workspaceList"));
    const Workspace work = named(QStringLiteral("Work"));
    list->choose(QString::number(work.id));
    click("removeWorkspace");
    auto *notice = find<ui::NoticeBar>(QStringLiteral("workspaceNotice"));
    QTRY_VERIFY(notice->isVisible());
    QVERIFY2(notice->text().contains(QStringLiteral("Work")), qPrintable(notice->text()));
    QCOMPARE(list->count(), 2);
    QVERIFY(!workspaces().find(work.id));
    QTest::mouseClick(notice->findChild<QAbstractButton *>(), Qt::LeftButton);
    QTRY_COMPARE(list->count(), 3);
    QCOMPARE(workspaces().find(work.id), std::optional(work));
    QVERIFY(!notice->isVisible());
}

void tst_SettingsPages::workspacesHavePatternsOfTheirOwn()
{
    showWorkspaces({});
    auto *own = find<QPlainTextEdit>(QStringLiteral("workspacePatterns"));
    QVERIFY(!own->isVisible()); // what counts everywhere is all there is
    const std::int64_t work = workspaces().add(QStringLiteral("Work"));
    auto *list = find<ui::SettingsList>(QStringLiteral("workspaceList"));
    list->choose(QString::number(work));
    QVERIFY(own->isVisible());
    own->setFocus();
    QTest::keyClicks(own, QStringLiteral("Falcon "));
    own->clearFocus();
    QCOMPARE(workspaces().find(work)->blockedPatterns, QStringLiteral("Falcon"));
    QCOMPARE(settings().value(settings::BlockedPatterns), QString());
    list->setCurrentRow(0);
    QCOMPARE(own->toPlainText(), QString());
    QVERIFY(!find<QAbstractButton>(QStringLiteral("workspacePatterns-undo"))->isVisible());
    own->setFocus();
    QTest::keyClicks(own, QStringLiteral("Wren"));
    list->choose(QString::number(work)); // leaves it, too
    QCOMPARE(workspaces().find(workspaces().first())->blockedPatterns, QStringLiteral("Wren"));
    QCOMPARE(workspaces().find(work)->blockedPatterns, QStringLiteral("Falcon"));
}

void tst_SettingsPages::newChatsOfAWorkspaceBeginAsSaid()
{
    ui::WorkspacePage *page = showWorkspaces({});
    const std::int64_t first = workspaces().first();
    QSignalSpy model(page, &ui::WorkspacePage::modelRequested);
    QSignalSpy options(page, &ui::WorkspacePage::optionsRequested);
    auto *modelButton = find<QAbstractButton>(QStringLiteral("workspaceModel"));
    auto *optionsButton = find<QAbstractButton>(QStringLiteral("workspaceOptions"));
    auto *last = find<QAbstractButton>(QStringLiteral("workspaceLastModel"));
    QCOMPARE(modelButton->text(), QStringLiteral("The model used last"));
    QCOMPARE(optionsButton->text(), QStringLiteral("The usual options"));
    QVERIFY(!last->isVisible());
    click("workspaceModel");
    click("workspaceOptions");
    QCOMPARE(model.size(), 1);
    QCOMPARE(model.constFirst().at(1).toLongLong(), first);
    QCOMPARE(options.size(), 1);
    Workspace changed = workspaces().inForce(first);
    changed.model = QStringLiteral("practice/practice-fast");
    changed.options.system = QStringLiteral("Be brief.");
    workspaces().change(changed);
    QCOMPARE(modelButton->text(), QStringLiteral("The practice/practice-fast"));
    QCOMPARE(optionsButton->text(), QStringLiteral("1 option set"));
    QVERIFY(last->isVisible());
    click("workspaceLastModel");
    QCOMPARE(workspaces().inForce(first).model, QString());
    QCOMPARE(workspaces().inForce(first).options, changed.options);
}

void tst_SettingsPages::budgetsNameTheirWorkspace()
{
    const std::int64_t work = workspaces().add(QStringLiteral("Work"));
    BudgetBook &budgets = m_bench->engine->store().budgets();
    const auto names = [this] { return ui::budgetNames({}, workspaces().workspaces()); };
    auto *page = new ui::BudgetsPage(m_bench->theme, budgets, settings(), m_bench->engine->clock(),
                                     ui::budgetNames({}));
    page->setNames(names());
    show(page);
    page->editOf(BudgetScope::Workspace, QString::number(work));
    auto *scope = find<QComboBox>(QStringLiteral("budgetScope"));
    QVERIFY(scope->isVisible());
    QCOMPARE(scope->currentText(), QStringLiteral("Workspace Work"));
    type(QStringLiteral("budgetAmount"), QStringLiteral("5"));
    click("saveBudget");
    QTRY_COMPARE(budgets.standings().size(), 1);
    const Budget budget = budgets.standings().constFirst().budget;
    QCOMPARE(budget.scope, BudgetScope::Workspace);
    QCOMPARE(budget.scopeKey, QString::number(work));
    QCOMPARE(ui::budgetTitle(budget, names()), QStringLiteral("Work, each month"));
    page->editOf(BudgetScope::Workspace, QString::number(work)); // that one, no second
    QCOMPARE(find<QLineEdit>(QStringLiteral("budgetAmount"))->text(), QStringLiteral("5"));
    QVERIFY(workspaces().rename(work, QStringLiteral("Office")));
    page->setNames(names());
    QCOMPARE(scope->currentText(), QStringLiteral("Workspace Office"));
    const auto removed = workspaces().remove(work);
    QTRY_VERIFY(removed.isFinished());
    QCOMPARE(ui::budgetTitle(budget, names()), QStringLiteral("A deleted workspace, each month"));
}

QTEST_MAIN(tst_SettingsPages)
#include "tst_settingspages.moc"
