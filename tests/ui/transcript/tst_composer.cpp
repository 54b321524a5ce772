#include "ui/transcript/composer.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/notice.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QInputMethodEvent>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

namespace {

class tst_Composer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { ui::loadIcons(); }
    void init();
    void cleanup() { delete m_window; }

    void entersSend();
    void enterDuringCompositionNeverSends();
    void stopsWhileRunningAndStaysEditable();
    void upEditsTheLastOnlyWhenEmpty();
    void pastesPlainText();
    void draftsOfTheOwnerAreSilent();
    void growsToItsShare();
    void draftStandsWhereItBegins();

private:
    ui::ThemeSource m_theme{ui::Appearance::Light};
    QWidget *m_window = nullptr;
    ui::Composer *m_composer = nullptr;
    ui::ComposerEdit *m_edit = nullptr;
};

void tst_Composer::init()
{
    m_window = new QWidget;
    m_window->resize(900, 800);
    auto *column = new QVBoxLayout(m_window);
    column->addStretch();
    m_composer = new ui::Composer(m_theme, m_window);
    column->addWidget(m_composer);
    m_window->show();
    m_edit = m_composer->findChild<ui::ComposerEdit *>();
}

void tst_Composer::entersSend()
{
    QSignalSpy sent(m_composer, &ui::Composer::sendRequested);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QTest::keyClicks(m_edit, QStringLiteral("a"));
    QTest::keyClick(m_edit, Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClicks(m_edit, QStringLiteral("b"));
    QCOMPARE(sent.count(), 0);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 1);
    QCOMPARE(sent.first().first().toString(), QStringLiteral("a\nb"));
    m_composer->setSendKey(ui::SendKey::ControlEnter);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 1);
    QTest::keyClick(m_edit, Qt::Key_Enter, Qt::ControlModifier | Qt::KeypadModifier);
    QCOMPARE(sent.count(), 2);
}

void tst_Composer::enterDuringCompositionNeverSends()
{
    QSignalSpy sent(m_composer, &ui::Composer::sendRequested);
    QTest::keyClicks(m_edit, QStringLiteral("x"));
    QInputMethodEvent begin(QStringLiteral("にほ"), {});
    QCoreApplication::sendEvent(m_edit, &begin);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 0);
    QInputMethodEvent end;
    end.setCommitString(QStringLiteral("日本"));
    QCoreApplication::sendEvent(m_edit, &end);
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 1);
    QCOMPARE(sent.first().first().toString(), QStringLiteral("x日本"));
    // Another chat's draft comes instead, and the input method says nothing.
    QCoreApplication::sendEvent(m_edit, &begin);
    m_composer->setText(QStringLiteral("draft"));
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(sent.count(), 2);
}

void tst_Composer::stopsWhileRunningAndStaysEditable()
{
    QSignalSpy sent(m_composer, &ui::Composer::sendRequested);
    QSignalSpy stopped(m_composer, &ui::Composer::stopRequested);
    m_composer->setRunning(true);
    QTest::keyClicks(m_edit, QStringLiteral("next"));
    QTest::keyClick(m_edit, Qt::Key_Return);
    QCOMPARE(m_composer->text(), QStringLiteral("next"));
    QTest::mouseClick(m_composer->findChildren<ui::PillButton *>().last(), Qt::LeftButton);
    QCOMPARE(stopped.count(), 1);
    QCOMPARE(sent.count(), 0);
}

void tst_Composer::upEditsTheLastOnlyWhenEmpty()
{
    QSignalSpy edit(m_composer, &ui::Composer::editLastRequested);
    QTest::keyClick(m_edit, Qt::Key_Up);
    QTest::keyClicks(m_edit, QStringLiteral("x"));
    QTest::keyClick(m_edit, Qt::Key_Up);
    QCOMPARE(edit.count(), 1);
}

void tst_Composer::pastesPlainText()
{
    auto *data = new QMimeData; // the clipboard owns it
    data->setHtml(QStringLiteral("<b>bold</b>"));
    data->setText(QStringLiteral("bo\u200Bld"));
    QGuiApplication::clipboard()->setMimeData(data);
    m_edit->paste();
    QCOMPARE(m_composer->text(), QStringLiteral("bo\u200Bld"));
    QVERIFY(m_composer->findChild<ui::NoticeBar *>()->text().contains(QLatin1Char('1')));
}

void tst_Composer::draftsOfTheOwnerAreSilent()
{
    QSignalSpy changed(m_composer, &ui::Composer::draftChanged);
    m_composer->setText(QStringLiteral("kept"));
    QCOMPARE(changed.count(), 0);
    QTest::keyClicks(m_edit, QStringLiteral("!"));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.first().first().toString(), QStringLiteral("kept!"));
}

void tst_Composer::growsToItsShare()
{
    const int idle = m_edit->height();
    m_composer->setText(QStringLiteral("line\n").repeated(6));
    QTRY_VERIFY(m_edit->height() > idle);
    m_composer->setText(QStringLiteral("line\n").repeated(200));
    QCoreApplication::processEvents();
    QVERIFY(m_composer->height() <= m_window->height() * 42 / 100);
    m_composer->setText({});
    QTRY_COMPARE(m_edit->height(), idle);
    m_window->resize(900, 450);
    QTRY_VERIFY(m_edit->height() < idle);
}

void tst_Composer::draftStandsWhereItBegins()
{
    const auto isRight = [this] {
        m_edit->moveCursor(QTextCursor::Start);
        return m_edit->cursorRect().center().x() > m_edit->viewport()->width() / 2;
    };
    m_edit->setPlainText(QStringLiteral("\n\u05E9\u05DC\u05D5\u05DD\nand more"));
    QVERIFY(isRight());
    m_edit->setPlainText(QStringLiteral("More \u05E9\u05DC\u05D5\u05DD"));
    QVERIFY(!isRight());
}

} // namespace

QTEST_MAIN(tst_Composer)
#include "tst_composer.moc"
