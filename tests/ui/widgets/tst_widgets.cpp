#include "tests/ui/ink.h"
#include "ui/widgets/budgetbar.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choicebox.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/keylabel.h"
#include "ui/widgets/links.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/plaintext.h"
#include "ui/widgets/segmentedcontrol.h"
#include "ui/widgets/statuspill.h"
#include "ui/widgets/visibility.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPainter>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTest>
#include <QVBoxLayout>

namespace {

class MeasuredWidget : public QWidget
{
public:
    using QWidget::QWidget;
    [[nodiscard]] QSize sizeHint() const override
    {
        ++measurements;
        return {40, 30};
    }
    mutable int measurements = 0;
};

class tst_Widgets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { ui::loadIcons(); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
    }

    void labelsNeverReadMarkup();
    void tipsAreSaidWithoutMarkup();
    void noticesNeverReadMarkup();
    void wrapsBetweenWords();
    void namesShowHiddenCharacters();
    void elidedLabelTellsItsText();
    void hiddenLabelFollowsTheTheme();
    void iconsTakeTheColor();
    void iconsGrowWithTheText();
    void buttonsObeyKeys();
    void pillSwitchedOnIsLaidOutAnew();
    void buttonsMirror();
    void textsBeginAtTheirFirstLetter();
    void buttonsOfARowAreOfOneHeight();
    void segmentsObeyArrows();
    void segmentsSayWhatIsChosen();
    void choicesSayWhatTheyAreOf();
    void paintedWordsAreRead();
    void noticeOffersActions();
    void links_data();
    void links();
    void linkWarnings();
    void shownEarlyIsMeasuredOnce();

private:
    ui::ThemeSource m_theme{ui::Appearance::Light};
};

const QString Canary = QStringLiteral("<b>bold</b><img src='file:///etc/passwd'>");

void tst_Widgets::labelsNeverReadMarkup()
{
    const ui::PlainLabel label(m_theme, ui::TextRole::Body, Canary);
    QCOMPARE(label.textFormat(), Qt::PlainText);
    QWidget widget;
    ui::setToolTipPlain(&widget, Canary);
    QVERIFY(!widget.toolTip().contains(QStringLiteral("<img")));
    QVERIFY(widget.toolTip().contains(QStringLiteral("&lt;img")));
}

//! A screen reader is given the tip of what nothing else describes.
void tst_Widgets::tipsAreSaidWithoutMarkup()
{
    QWidget widget;
    const auto said = [&widget] {
        return QAccessible::queryAccessibleInterface(&widget)->text(QAccessible::Description);
    };
    ui::setToolTipPlain(&widget, Canary);
    QCOMPARE(said(), Canary);
    ui::setToolTipPlain(&widget, QStringLiteral("another"));
    QCOMPARE(said(), QStringLiteral("another"));
    ui::setToolTipPlain(&widget, {});
    QCOMPARE(said(), QString());
    widget.setAccessibleDescription(QStringLiteral("its own"));
    ui::setToolTipPlain(&widget, QStringLiteral("tip"));
    QCOMPARE(said(), QStringLiteral("its own"));
}

void tst_Widgets::noticesNeverReadMarkup()
{
    QMessageBox *box = ui::makeNotice(nullptr, Canary, Canary, Canary);
    const QList<QLabel *> labels = box->findChildren<QLabel *>();
    QVERIFY(labels.size() >= 2);
    for (const QLabel *label : labels) {
        QCOMPARE(label->textFormat(), Qt::PlainText);
    }
    delete box;
}

void tst_Widgets::wrapsBetweenWords()
{
    const QFont font;
    const QFontMetrics metrics(font);
    const int line = ui::wrappedHeight(QStringLiteral("Try"), font, 10'000);
    const QString word = QStringLiteral("moment");
    const int wordWidth = metrics.horizontalAdvance(word);
    // Room for a word and a half: each word a line, not each letter that fits.
    QCOMPARE(ui::wrappedHeight(QStringLiteral("moment moment moment"), font, wordWidth * 3 / 2),
             3 * line);
    // A word that is longer than a line is broken all the same.
    QVERIFY(ui::wrappedHeight(word.repeated(4), font, wordWidth * 2) >= 2 * line);
    QCOMPARE(ui::wrappedHeight(QStringLiteral("a\nb"), font, 10'000), 2 * line);

    QImage image(wordWidth * 3 / 2, 4 * line, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setFont(font);
    painter.setPen(Qt::black);
    ui::paintWrapped(painter, image.rect(), QStringLiteral("moment moment moment"));
    painter.end();
    for (int y = 3 * line; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            QCOMPARE(image.pixelColor(x, y), QColor(Qt::white));
    }
    bool thirdLineIsInked = false;
    for (int y = 2 * line; y < 3 * line; ++y) {
        for (int x = 0; x < image.width(); ++x)
            thirdLineIsInked = thirdLineIsInked || image.pixelColor(x, y) != QColor(Qt::white);
    }
    QVERIFY(thirdLineIsInked);
}

void tst_Widgets::namesShowHiddenCharacters()
{
    QCOMPARE(ui::shownName(QStringLiteral("gpt\u202Ecod\u200B")),
             QStringLiteral("gpt[U+202E]cod[U+200B]"));
    QCOMPARE(ui::shownName(QStringLiteral("two\nlines")), QStringLiteral("two lines"));
    QCOMPARE(ui::shownName(QStringLiteral("\U0001F468\u200D\U0001F469")),
             QStringLiteral("\U0001F468\u200D\U0001F469"));
    QVERIFY(ui::shownName(QStringLiteral("a\U000E0041")).contains(QStringLiteral("U+E0041")));
}

void tst_Widgets::elidedLabelTellsItsText()
{
    const QString name = QStringLiteral("accounts/fireworks/models/a-very-long-model-name-indeed");
    ui::PlainLabel label(m_theme, ui::TextRole::Body, name);
    label.setElide(Qt::ElideMiddle);
    label.resize(80, 20);
    label.grab();
    QVERIFY(label.toolTip().contains(name));
    label.resize(1000, 20);
    label.grab();
    QVERIFY(label.toolTip().isEmpty());
}

void tst_Widgets::hiddenLabelFollowsTheTheme()
{
    ui::ThemeSource theme(ui::Appearance::Light);
    theme.dress(*qApp);
    // No layout: the offscreen platform warns about size hints of windows.
    QWidget window;
    auto &places = *new QStackedWidget(&window);
    auto *shown = new ui::PlainLabel(theme, ui::TextRole::Heading, QStringLiteral("shown"));
    auto *page = new QWidget;
    auto *hidden = new ui::PlainLabel(theme, ui::TextRole::Heading, QStringLiteral("hidden"), page);
    places.addWidget(shown);
    places.addWidget(page);
    window.resize(200, 100);
    theme.setAppearance(ui::Appearance::Dark);
    window.show();
    QCOMPARE(shown->palette().color(QPalette::WindowText), theme.theme().text);
    places.setCurrentIndex(1);
    QCOMPARE(hidden->palette().color(QPalette::WindowText), theme.theme().text);
    QCOMPARE(hidden->palette().color(hidden->foregroundRole()), theme.theme().text);
    QCoreApplication::processEvents(); // Qt tells windows of a new palette by an event
    QImage picture = places.grab().toImage();
    QVERIFY(picture.pixelColor(0, picture.height() - 1).lightness() < 128);
}

void tst_Widgets::iconsTakeTheColor()
{
    QImage image(16, 16, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    ui::paintIcon(painter, QRectF(0, 0, 16, 16), QStringLiteral("stop"), QColor(Qt::red));
    painter.end();
    QCOMPARE(image.pixelColor(8, 8), QColor(Qt::red));
    QVERIFY(!ui::applicationIcon().pixmap(64).isNull());
}

void tst_Widgets::iconsGrowWithTheText()
{
    ui::ThemeSource theme(ui::Appearance::Light);
    ui::IconButton button(theme, QStringLiteral("plus"), QStringLiteral("New chat"));
    const auto inkHeight = [&button] {
        button.resize(button.sizeHint());
        const QImage image = button.grab().toImage();
        int height = 0;
        for (int y = 0; y < image.height(); ++y)
            height += image.pixel(image.width() / 2, y) != image.pixel(0, 0) ? 1 : 0;
        return height;
    };
    const int usual = inkHeight();
    const QSize usualSize = button.sizeHint();
    theme.setTextPercent(200);
    QVERIFY2(inkHeight() >= 2 * usual - 2, qPrintable(QString::number(inkHeight())));
    theme.setTextPercent(80); // small ones stay to be hit
    QCOMPARE(button.sizeHint(), usualSize);
}

void tst_Widgets::buttonsObeyKeys()
{
    ui::PillButton button(m_theme, ui::ButtonLook::Primary, QStringLiteral("Send"));
    QSignalSpy clicked(&button, &QAbstractButton::clicked);
    QTest::keyClick(&button, Qt::Key_Space);
    QTest::keyClick(&button, Qt::Key_Return);
    QTest::mouseClick(&button, Qt::LeftButton);
    QCOMPARE(clicked.count(), 3);
    button.setEnabled(false);
    QTest::mouseClick(&button, Qt::LeftButton);
    QCOMPARE(clicked.count(), 3);
}

//! Its letters are bolder then. Its height stays: a row must not jump.
void tst_Widgets::pillSwitchedOnIsLaidOutAnew()
{
    QWidget row;
    auto *layout = new QHBoxLayout(&row);
    auto *pill = new ui::PillButton(m_theme, ui::ButtonLook::Chip, QStringLiteral("Simulated"));
    layout->addWidget(pill);
    row.resize(300, 60);
    row.show();
    const QSize off = pill->size();
    pill->setLook(ui::ButtonLook::Soft);
    QCoreApplication::sendPostedEvents();
    QCOMPARE(pill->size(), pill->sizeHint());
    QCOMPARE(pill->height(), off.height());
}

//! A text alone stands in the middle either way; a dot goes to the other side of it.
void tst_Widgets::buttonsMirror()
{
    ui::PillButton button(m_theme, ui::ButtonLook::Outline, QStringLiteral("Save"));
    const auto picture = [&button](Qt::LayoutDirection direction) {
        button.setLayoutDirection(direction);
        button.resize(button.sizeHint());
        return button.grab().toImage();
    };
    QCOMPARE(picture(Qt::RightToLeft), picture(Qt::LeftToRight));
    button.setDot(Qt::green);
    const auto dotAt = [](const QImage &image) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixelColor(x, image.height() / 2) == QColor(Qt::green))
                return x;
        }
        return -1;
    };
    const QImage usual = picture(Qt::LeftToRight);
    const QImage mirrored = picture(Qt::RightToLeft);
    QVERIFY(dotAt(usual) >= 0 && dotAt(usual) < usual.width() / 2);
    QVERIFY(dotAt(mirrored) > mirrored.width() / 2);
}

//! The full stops of a Hebrew title are at its left, also in a window that is not mirrored.
void tst_Widgets::textsBeginAtTheirFirstLetter()
{
    const QString title = QStringLiteral("\u05D0......");
    ui::PlainLabel label(m_theme, ui::TextRole::Body, title);
    label.setElide(Qt::ElideRight);
    ui::PillButton button(m_theme, ui::ButtonLook::Link, title);
    for (QWidget *widget : std::initializer_list<QWidget *>{&label, &button}) {
        widget->resize(widget->sizeHint());
        QVERIFY(depthOfFirstInk(widget->grab().toImage()) > widget->height() / 2);
    }
}

void tst_Widgets::buttonsOfARowAreOfOneHeight()
{
    ui::ThemeSource theme(ui::Appearance::Light);
    const ui::PillButton save(theme, ui::ButtonLook::Primary, QStringLiteral("Save"));
    const ui::PillButton cancel(theme, ui::ButtonLook::Outline, QStringLiteral("Cancel"));
    for (const int percent : {100, 150, 200}) {
        theme.setTextPercent(percent);
        QCOMPARE(save.sizeHint().height(), cancel.sizeHint().height());
    }
}

void tst_Widgets::segmentsObeyArrows()
{
    ui::SegmentedControl control(m_theme, {QStringLiteral("Today"), QStringLiteral("Month")});
    QSignalSpy chosen(&control, &ui::SegmentedControl::chosen);
    QTest::keyClick(&control, Qt::Key_Right);
    QTest::keyClick(&control, Qt::Key_Right); // at the end: stays
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(control.current(), 1);
    control.setCurrent(7);
    QCOMPARE(control.current(), 1);
}

void tst_Widgets::segmentsSayWhatIsChosen()
{
    ui::SegmentedControl control(m_theme, {QStringLiteral("Today"), QStringLiteral("Month")});
    control.setAccessibleName(QStringLiteral("Range"));
    const QAccessibleInterface *heard = QAccessible::queryAccessibleInterface(&control);
    QCOMPARE(heard->role(), QAccessible::ComboBox);
    QCOMPARE(heard->text(QAccessible::Name), QStringLiteral("Range"));
    QCOMPARE(heard->text(QAccessible::Description), QStringLiteral("Today"));
    control.setAccessibleDescription(QStringLiteral("What the figures cover"));
    QTest::keyClick(&control, Qt::Key_Down);
    QCOMPARE(heard->text(QAccessible::Value), QStringLiteral("Month"));
    QCOMPARE(heard->text(QAccessible::Description),
             QStringLiteral("Month. What the figures cover"));
    QTest::keyClick(&control, Qt::Key_Up);
    QCOMPARE(control.current(), 0);
}

void tst_Widgets::choicesSayWhatTheyAreOf()
{
    QWidget form;
    auto *alone = new ui::ChoiceBox(m_theme, &form);
    auto *labelled = new ui::ChoiceBox(m_theme, &form);
    auto *label = new QLabel(QStringLiteral("Counts"), &form);
    label->setBuddy(labelled);
    for (ui::ChoiceBox *box : {alone, labelled}) {
        box->addItem(QStringLiteral("Everything"));
        box->setAccessibleName(QStringLiteral("What it counts"));
    }
    form.show();
    QCOMPARE(alone->accessibleDescription(), QStringLiteral("What it counts"));
    QCOMPARE(labelled->accessibleDescription(), QString()); // or it would be said twice
}

//! Readers pass over boxes, whatever their names.
void tst_Widgets::paintedWordsAreRead()
{
    ui::StatusPill pill(m_theme, ui::Tone::Good, QStringLiteral("answered"));
    ui::KeyLabel key(m_theme);
    key.setKey(QKeySequence(QStringLiteral("Ctrl+K")));
    ui::BudgetBar bar(m_theme);
    const auto role = [](QWidget &widget) {
        return QAccessible::queryAccessibleInterface(&widget)->role();
    };
    QCOMPARE(role(pill), QAccessible::StaticText);
    QCOMPARE(role(key), QAccessible::StaticText);
    QCOMPARE(role(bar), QAccessible::Graphic);
    QCOMPARE(QAccessible::queryAccessibleInterface(&pill)->text(QAccessible::Name),
             QStringLiteral("answered"));
}

void tst_Widgets::noticeOffersActions()
{
    QWidget window;
    ui::NoticeBar bar(m_theme, &window);
    bar.show(ui::Tone::Warning, QStringLiteral("You are offline."),
             {QStringLiteral("Send when online"), QStringLiteral("Cancel")});
    QSignalSpy chosen(&bar, &ui::NoticeBar::actionChosen);
    QTest::mouseClick(bar.findChildren<ui::PillButton *>().last(), Qt::LeftButton);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen.first().first().toInt(), 1);
}

void tst_Widgets::links_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<bool>("mayOpen");
    const auto row = [](const char *name, const QString &target, bool mayOpen) {
        QTest::newRow(name) << target << mayOpen;
    };
    row("https", QStringLiteral("https://example.org/a"), true);
    row("http", QStringLiteral("http://example.org"), true);
    row("mailto", QStringLiteral("mailto:a@example.org"), true);
    row("mailto-nobody", QStringLiteral("mailto:?subject=x"), false);
    row("mailto-attachment", QStringLiteral("mailto:a@example.org?attach=/etc/passwd"), false);
    row("file", QStringLiteral("file:///etc/passwd"), false);
    row("javascript", QStringLiteral("javascript:alert(1)"), false);
    row("user-info", QStringLiteral("https://bank.com@evil.org/"), false);
    row("empty-user", QStringLiteral("https://@evil.org/"), false);
    row("no-host", QStringLiteral("https:///path"), false);
    row("newline", QStringLiteral("https://example.org/\nx"), false);
    row("bidi", QStringLiteral("https://example.org/\u202Egpj"), false);
    row("relative", QStringLiteral("page.html"), false);
}

void tst_Widgets::links()
{
    QFETCH(QString, target);
    QFETCH(bool, mayOpen);
    QCOMPARE(ui::linkQuestion(target, QString()).has_value(), mayOpen);
}

void tst_Widgets::linkWarnings()
{
    const auto warnings = [](const QString &target, const QString &text) {
        return ui::linkQuestion(target, text)->warnings.size();
    };
    const QString plain = QStringLiteral("https://example.org/");
    QCOMPARE(warnings(plain, QStringLiteral("the page")), 0);
    QCOMPARE(warnings(plain, QStringLiteral("example.org")), 0);
    QCOMPARE(warnings(plain, QStringLiteral("bank.com")), 1);
    QCOMPARE(warnings(plain + QStringLiteral("?q=") + QString(101, QLatin1Char('x')), {}), 1);
    const auto mixed = ui::linkQuestion(QStringLiteral("https://ex\u0430mple.org/"), {});
    QVERIFY(mixed->host.startsWith(QStringLiteral("xn--")));
    QCOMPARE(mixed->warnings.size(), 1);
}

void tst_Widgets::shownEarlyIsMeasuredOnce()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    auto *box = new QWidget;
    auto *row = new QVBoxLayout(box);
    auto *inner = new MeasuredWidget;
    row->addWidget(inner);
    column->addWidget(box);
    box->hide();
    inner->measurements = 0;
    ui::setShown(*box, true);
    QCOMPARE(inner->measurements, 0);
    window.show();
    QVERIFY(box->isVisible());
    QVERIFY(inner->measurements > 0);
    QVERIFY(inner->height() >= 30);
    ui::setShown(*box, false);
    QVERIFY(!box->isVisible());
    ui::setShown(*box, true);
    QVERIFY(inner->isVisible());
}

} // namespace

QTEST_MAIN(tst_Widgets)
#include "tst_widgets.moc"
