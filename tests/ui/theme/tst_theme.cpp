#include "tests/support/eventcount.h"
#include "ui/theme/stylesheet.h"
#include "ui/theme/theme.h"
#include "ui/theme/themesource.h"

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

namespace {

struct NamedColor
{
    const char *name;
    QColor color;
};

class tst_Theme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".?"))); }

    void contrast_data();
    void contrast();
    void ownsOneColorAProvider();
    void followsTheSystemsTextSize();
    void tellsOnlyRealChanges();
    void styleSheetComesWhenBuilt();
    void largerTextPolishesNothingAnew();
    void darkChangesColoursAlone();
    void placeholdersAreMuted();
    void fieldsOfLinesKeepTheirHeight();
};

void addPairs(const char *scheme, const QList<NamedColor> &fronts, const QList<NamedColor> &backs,
              double least)
{
    for (const NamedColor &front : fronts) {
        for (const NamedColor &back : backs) {
            QTest::addRow("%s-%s-on-%s", scheme, front.name, back.name)
                << front.color << back.color << least;
        }
    }
}

void tst_Theme::contrast_data()
{
    QTest::addColumn<QColor>("front");
    QTest::addColumn<QColor>("back");
    QTest::addColumn<double>("least");
    for (const ui::Scheme scheme : {ui::Scheme::Light, ui::Scheme::Dark}) {
        const ui::Theme t = ui::makeTheme(scheme, QFont());
        const char *name = t.isDark() ? "dark" : "light";
        const QList<NamedColor> grounds = {{"window", t.window},   {"sidebar", t.sidebar},
                                           {"card", t.card},       {"bubble", t.userBubble},
                                           {"row", t.selectedRow}, {"code", t.code}};
        const QList<NamedColor> plain = grounds.first(3);
        addPairs(name, {{"text", t.text}, {"muted", t.muted}}, grounds, 4.5);
        addPairs(name, {{"accent-text", t.accentText}},
                 plain + QList<NamedColor>{{"accent-soft", t.accentSoft}}, 4.5);
        addPairs(name, {{"on-accent", t.onAccent}}, {{"accent", t.accent}}, 4.5);
        addPairs(name, {{"good", t.good}}, plain + QList<NamedColor>{{"soft", t.goodSoft}}, 4.5);
        addPairs(name, {{"warning", t.warning}}, plain + QList<NamedColor>{{"soft", t.warningSoft}},
                 4.5);
        addPairs(name, {{"error", t.error}}, plain + QList<NamedColor>{{"soft", t.errorSoft}}, 4.5);
        addPairs(name, {{"keyword", t.keyword}}, {{"code", t.code}}, 4.5);
        addPairs(name, {{"control-border", t.controlBorder}, {"accent", t.accent}}, plain, 3.0);
        QList<NamedColor> series;
        for (const QColor &color : t.series) {
            series.append({"series", color});
        }
        for (qsizetype i = 0; i < series.size(); ++i) {
            QTest::addRow("%s-series-%lld-on-window", name, i)
                << series.at(i).color << t.window << 3.0;
            QTest::addRow("%s-series-%lld-on-card", name, i) << series.at(i).color << t.card << 3.0;
        }
    }
}

void tst_Theme::contrast()
{
    QFETCH(QColor, front);
    QFETCH(QColor, back);
    QFETCH(double, least);
    const double ratio = ui::contrastRatio(front, back);
    QVERIFY2(ratio >= least, qPrintable(QString::number(ratio)));
}

void tst_Theme::ownsOneColorAProvider()
{
    const ui::Theme theme = ui::makeTheme(ui::Scheme::Light, QFont());
    const QStringList six = {QStringLiteral("anthropic"),    QStringLiteral("openai-chat"),
                             QStringLiteral("google"),       QStringLiteral("cohere"),
                             QStringLiteral("azure-openai"), QStringLiteral("bedrock")};
    QList<QRgb> seen;
    for (const QString &provider : six) {
        const QRgb color = theme.providerColor(provider).rgb();
        QVERIFY2(!seen.contains(color), qPrintable(provider));
        seen.append(color);
    }
    QCOMPARE(theme.providerColor(QStringLiteral("openai-chat")),
             theme.providerColor(QStringLiteral("openai")));
    QCOMPARE(theme.providerColor(QStringLiteral("openaix")), theme.series.back());
    QCOMPARE(theme.providerColor(QStringLiteral("ollama")), theme.series.back());
}

void tst_Theme::followsTheSystemsTextSize()
{
    QFont system;
    system.setPixelSize(13);
    const ui::Theme usual = ui::makeTheme(ui::Scheme::Light, system);
    QCOMPARE(usual.chrome.pixelSize(), 13);
    QCOMPARE(usual.answer.pixelSize(), 14);
    QCOMPARE(ui::makeTheme(ui::Scheme::Light, system, 200).chrome.pixelSize(), 26);
    system.setPointSizeF(10.5);
    QCOMPARE(ui::makeTheme(ui::Scheme::Light, system).chrome.pixelSize(),
             QFontInfo(system).pixelSize());
}

void tst_Theme::tellsOnlyRealChanges()
{
    ui::ThemeSource source(ui::Appearance::Light);
    QSignalSpy changed(&source, &ui::ThemeSource::changed);
    source.setAppearance(ui::Appearance::Light);
    QCOMPARE(changed.count(), 0);
    source.setAppearance(ui::Appearance::Dark);
    QCOMPARE(changed.count(), 1);
    QVERIFY(source.theme().isDark());
    source.setTextPercent(1000);
    QCOMPARE(source.textPercent(), 200);
    QCOMPARE(changed.count(), 2);
}

//! To polish hundreds of widgets takes most of a second; the sheet says nothing about sizes of
//! text.
void tst_Theme::largerTextPolishesNothingAnew()
{
    ui::ThemeSource source(ui::Appearance::Light);
    source.dress(*qApp);
    QWidget window;
    QLineEdit edit(&window); // has rules in the sheet
    window.show();
    const int usual = QFontInfo(edit.font()).pixelSize();
    tests::EventCount changes(QEvent::StyleChange);
    edit.installEventFilter(&changes);
    source.setTextPercent(200);
    QTRY_VERIFY(QFontInfo(edit.font()).pixelSize() >= 2 * usual - 1);
    QCOMPARE(changes.count, 0);
}

//! Nothing is laid out anew, also what is not shown; and all looks as if it had been built so.
void tst_Theme::darkChangesColoursAlone()
{
    ui::ThemeSource source(ui::Appearance::Light);
    source.dress(*qApp);
    struct Sample
    {
        Sample()
        {
            auto *column = new QVBoxLayout(&window);
            column->setSizeConstraint(QLayout::SetNoConstraint); // offscreen warns of any
            auto *list = new QListWidget;
            list->addItems({QStringLiteral("One"), QStringLiteral("Two")});
            auto *box = new QComboBox;
            box->addItems({QStringLiteral("One"), QStringLiteral("Two")});
            auto *lines = new QPlainTextEdit(QStringLiteral("Some lines"));
            for (QWidget *widget : {static_cast<QWidget *>(new QLineEdit(QStringLiteral("Text"))),
                                    static_cast<QWidget *>(list), static_cast<QWidget *>(box),
                                    static_cast<QWidget *>(lines)}) {
                widget->setFocusPolicy(Qt::NoFocus); // no caret that blinks
                column->addWidget(widget);
            }
            window.resize(300, 400);
            window.show();
        }
        [[nodiscard]] QImage look()
        {
            QCoreApplication::sendPostedEvents();
            return window.grab().toImage();
        }
        QWidget window;
    };
    Sample shown;
    Sample hidden;
    hidden.window.hide();
    const QImage light = shown.look();
    tests::EventCount changes(QEvent::StyleChange);
    for (Sample *sample : {&shown, &hidden}) {
        const QList<QWidget *> widgets = sample->window.findChildren<QWidget *>();
        for (QWidget *widget : widgets)
            widget->installEventFilter(&changes);
    }
    source.setAppearance(ui::Appearance::Dark);
    QCOMPARE(changes.count, 0);
    Sample built;
    const QImage dark = built.look();
    QVERIFY(dark != light);
    QCOMPARE(shown.look(), dark);
    QCOMPARE(hidden.look(), dark);
    source.setAppearance(ui::Appearance::Light);
    QCOMPARE(shown.look(), light);
}

//! Palette and fonts are there for what is built; the style sheet is that of the theme chosen by
//! then.
void tst_Theme::styleSheetComesWhenBuilt()
{
    ui::ThemeSource source(ui::Appearance::Light);
    source.prepare(*qApp);
    QCOMPARE(QApplication::font().pixelSize(), source.theme().chrome.pixelSize());
    QCOMPARE(QApplication::palette().color(QPalette::Window), source.theme().window);
    source.setAppearance(ui::Appearance::Dark);
    QCOMPARE(QApplication::palette().color(QPalette::Window), source.theme().window);
    QVERIFY(qApp->styleSheet().isEmpty());
    source.dress(*qApp);
    QCOMPARE(qApp->styleSheet(), ui::styleSheetOf(source.theme()));
    source.setAppearance(ui::Appearance::Light);
    QCOMPARE(qApp->styleSheet(), ui::styleSheetOf(source.theme()));
}

//! Whatever Qt makes of the style sheet.
void tst_Theme::placeholdersAreMuted()
{
    ui::ThemeSource source(ui::Appearance::Light);
    source.dress(*qApp);
    QLineEdit line;
    QPlainTextEdit lines;
    for (const ui::Appearance appearance : {ui::Appearance::Light, ui::Appearance::Dark}) {
        source.setAppearance(appearance);
        for (QWidget *field : {static_cast<QWidget *>(&line), static_cast<QWidget *>(&lines)}) {
            field->ensurePolished();
            QCOMPARE(field->palette().color(QPalette::PlaceholderText), source.theme().muted);
            QCOMPARE(field->palette().color(QPalette::Text), source.theme().text);
        }
    }
}

//! A layout that lacks room must not take it from them: what is typed would be cut.
void tst_Theme::fieldsOfLinesKeepTheirHeight()
{
    ui::ThemeSource source(ui::Appearance::Light);
    source.dress(*qApp);
    QPlainTextEdit lines;
    lines.setFixedHeight(90);
    lines.ensurePolished();
    QCOMPARE(lines.minimumHeight(), 90);
}

} // namespace

QTEST_MAIN(tst_Theme)
#include "tst_theme.moc"
