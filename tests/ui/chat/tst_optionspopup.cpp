#include "ui/chat/optionspopup.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"

#include <QApplication>
#include <QCheckBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using core::ChatOptions;
using core::PicoUsd;

//! Opened, typed into and closed as a person would.
class tst_OptionsPopup : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void closingUntouchedTellsNothing_data();
    void closingUntouchedTellsNothing();
    void tellsWhatWasTyped();
    void schemasAreTakenAsTyped();
    void faultySchemasAreSaidAndKept();
    void faultySchemasComeBackToTheirOwner();
    void faultyNumbersAreSaidAndNotTaken_data();
    void faultyNumbersAreSaidAndNotTaken();
    void faultsSqueezeNoField();
    void emptyFieldsAreTheDefaults();
    void resetTakesEverythingBack();
    void countsWhatDiffers_data();
    void countsWhatDiffers();

private:
    template <typename T>
    [[nodiscard]] T *field(const char *name) const
    {
        return m_popup->findChild<T *>(QString::fromLatin1(name));
    }
    [[nodiscard]] ChatOptions told() const { return m_told.constLast(); }
    static ChatOptions everything();

    ui::ThemeSource m_theme;
    std::unique_ptr<QWidget> m_anchor;
    std::unique_ptr<ui::OptionsPopup> m_popup;
    QList<ChatOptions> m_told;
};

ChatOptions tst_OptionsPopup::everything()
{
    ChatOptions options;
    options.system = QStringLiteral("Be brief.");
    options.maxOutputTokens = 900;
    options.temperature = 0.7;
    options.topP = 0.9;
    options.stop = {QStringLiteral("END"), QStringLiteral("\n\n")}; // no line holds an imported one
    options.reasoningEffort = QStringLiteral("xhigh");              // a verb's: no segment shows it
    options.messageCap = PicoUsd::fromDecimal(QStringLiteral("0.05"));
    options.reuseAnswers = true;
    options.jsonSchema = "{ \"type\" : \"object\" }\n"; // imported: not written as one would here
    return options;
}

void tst_OptionsPopup::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin).*")));
    m_theme.dress(*qApp);
    m_told.clear();
    m_anchor = std::make_unique<QPushButton>(QStringLiteral("Options"));
    m_anchor->setVisible(true);
    m_popup = std::make_unique<ui::OptionsPopup>(m_theme);
    connect(m_popup.get(), &ui::OptionsPopup::changed, this,
            [this](const ChatOptions &options) { m_told.append(options); });
}

void tst_OptionsPopup::cleanup()
{
    m_popup.reset();
    m_anchor.reset();
}

void tst_OptionsPopup::closingUntouchedTellsNothing_data()
{
    QTest::addColumn<bool>("full");
    QTest::newRow("defaults") << false;
    QTest::newRow("everything-set") << true;
}

void tst_OptionsPopup::closingUntouchedTellsNothing()
{
    QFETCH(const bool, full);
    m_popup->open(full ? everything() : ChatOptions(), m_anchor.get());
    QVERIFY(m_popup->isVisible());
    QVERIFY(!field<QWidget>("optionsFault")->isVisible());
    QTest::keyClick(m_popup.get(), Qt::Key_Escape);
    QVERIFY(!m_popup->isVisible());
    QVERIFY(m_told.isEmpty());
}

void tst_OptionsPopup::tellsWhatWasTyped()
{
    m_popup->open({}, m_anchor.get());
    QTest::keyClicks(field<QPlainTextEdit>("systemPrompt"), QStringLiteral("Answer in rhyme. "));
    QTest::keyClicks(field<QLineEdit>("maxOutput"), QStringLiteral("250"));
    QTest::keyClicks(field<QLineEdit>("messageCap"), QStringLiteral("5c"));
    QTest::keyClicks(field<QLineEdit>("temperature"), QStringLiteral("0.3"));
    QTest::keyClicks(field<QLineEdit>("topP"), QStringLiteral("0.95"));
    auto *stop = field<QPlainTextEdit>("stopSequences");
    QTest::keyClicks(stop, QStringLiteral("END"));
    QTest::keyClick(stop, Qt::Key_Return);
    QTest::keyClick(stop, Qt::Key_Return); // an empty line is none
    QTest::keyClicks(stop, QStringLiteral("User: "));
    QTest::keyClick(field<QCheckBox>("reuseAnswers"), Qt::Key_Space);
    QTest::keyClick(field<QLineEdit>("temperature"), Qt::Key_Return); // done
    QVERIFY(!m_popup->isVisible());
    QCOMPARE(m_told.size(), 1);
    QCOMPARE(told().system, QStringLiteral("Answer in rhyme."));
    QCOMPARE(told().maxOutputTokens, std::optional(250));
    QCOMPARE(told().temperature, std::optional(0.3));
    QCOMPARE(told().topP, std::optional(0.95));
    QCOMPARE(told().stop, (QStringList{QStringLiteral("END"), QStringLiteral("User: ")}));
    QVERIFY(told().reasoningEffort.isEmpty());
    QCOMPARE(told().messageCap, PicoUsd::fromDecimal(QStringLiteral("0.05")));
    QVERIFY(told().reuseAnswers);
    QCOMPARE(ui::differingOptions(told()), 7);
}

//! The order of its members is the order in which models answer.
void tst_OptionsPopup::schemasAreTakenAsTyped()
{
    m_popup->open({}, m_anchor.get());
    const QByteArray schema = "{\"type\": \"object\", \"properties\": {\"why\": {}, \"city\": {}}}";
    auto *edit = field<QPlainTextEdit>("answerSchema");
    QTest::keyClicks(edit, QString::fromLatin1(schema) + QLatin1Char(' '));
    QVERIFY(!field<QWidget>("optionsFault")->isVisible());
    m_popup->hide();
    QCOMPARE(m_told.size(), 1);
    QCOMPARE(told().jsonSchema, schema);
    QCOMPARE(ui::differingOptions(told()), 1);

    m_popup->open(told(), m_anchor.get());
    edit->selectAll();
    QTest::keyClick(edit, Qt::Key_Delete);
    m_popup->hide();
    QCOMPARE(m_told.size(), 2);
    QVERIFY(told().jsonSchema.isEmpty());
}

void tst_OptionsPopup::faultySchemasAreSaidAndKept()
{
    m_popup->open(everything(), m_anchor.get(), 7);
    auto *edit = field<QPlainTextEdit>("answerSchema");
    edit->selectAll();
    QTest::keyClicks(edit, QStringLiteral("{\"type\": \"objekt\"}"));
    auto *fault = field<ui::PlainLabel>("optionsFault");
    QVERIFY(fault->isVisible());
    QVERIFY2(fault->text().contains(QStringLiteral("objekt")), qPrintable(fault->text()));
    m_popup->hide();
    QVERIFY(m_told.isEmpty()); // what is in force stays

    m_popup->open(everything(), m_anchor.get(), 7);
    QCOMPARE(edit->toPlainText(), QStringLiteral("{\"type\": \"objekt\"}"));
    QVERIFY(fault->isVisible());
    edit->undo();
    QCOMPARE(edit->toPlainText().toUtf8(), everything().jsonSchema);
    QVERIFY(!fault->isVisible());
    edit->redo();
    m_popup->hide();
    QVERIFY(m_told.isEmpty());

    m_popup->open(everything(), m_anchor.get(), 7); // not touched in between
    edit->moveCursor(QTextCursor::End);
    for (int i = 0; i < 5; ++i) // e, k, t and what ends the object
        QTest::keyClick(edit, Qt::Key_Backspace);
    QTest::keyClicks(edit, QStringLiteral("ect\"}"));
    QVERIFY(!fault->isVisible());
    m_popup->hide();
    QCOMPARE(m_told.size(), 1);
    QCOMPARE(told().jsonSchema, QByteArray("{\"type\": \"object\"}"));
}

void tst_OptionsPopup::faultySchemasComeBackToTheirOwner()
{
    auto *edit = field<QPlainTextEdit>("answerSchema");
    m_popup->open({}, m_anchor.get(), 7);
    QTest::keyClicks(edit, QStringLiteral("{\"type\""));
    m_popup->hide();
    m_popup->open({}, m_anchor.get(), 8);
    QVERIFY(edit->toPlainText().isEmpty());
    m_popup->hide();
    m_popup->open({}, m_anchor.get(), 7);
    QCOMPARE(edit->toPlainText(), QStringLiteral("{\"type\""));
    QTest::mouseClick(field<QAbstractButton>("optionsReset"), Qt::LeftButton);
    QVERIFY(edit->toPlainText().isEmpty());
    m_popup->hide();
    m_popup->open({}, m_anchor.get(), 7);
    QVERIFY(edit->toPlainText().isEmpty());
    QVERIFY(m_told.isEmpty());
}

void tst_OptionsPopup::faultyNumbersAreSaidAndNotTaken_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *label, const char *name, const char *text) {
        QTest::newRow(label) << QString::fromLatin1(name) << QString::fromUtf8(text);
    };
    row("words", "maxOutput", "many");
    row("zero", "maxOutput", "0");
    row("negative", "maxOutput", "-5");
    row("fraction", "maxOutput", "12.5");
    row("overflow", "maxOutput", "99999999999");
    row("too-hot", "temperature", "2.1");
    row("below-zero", "temperature", "-0.1");
    row("not-a-number", "temperature", "nan");
    row("infinite", "temperature", "inf");
    row("comma", "temperature", "0,7");
    row("top-p-nothing", "topP", "0");
    row("top-p-above-one", "topP", "1.1");
    row("top-p-not-a-number", "topP", "nan");
    row("top-p-comma", "topP", "0,9");
    row("cap-words", "messageCap", "little");
    row("cap-nothing", "messageCap", "0c");
    row("cap-negative", "messageCap", "-$1");
}

void tst_OptionsPopup::faultyNumbersAreSaidAndNotTaken()
{
    QFETCH(const QString, name);
    QFETCH(const QString, text);
    m_popup->open(everything(), m_anchor.get());
    auto *edit = m_popup->findChild<QLineEdit *>(name);
    edit->selectAll();
    QTest::keyClicks(edit, text);
    auto *fault = field<ui::PlainLabel>("optionsFault");
    QVERIFY(fault->isVisible());
    QVERIFY(!fault->text().isEmpty());
    m_popup->hide();
    QVERIFY(m_told.isEmpty()); // what stood there stays
}

void tst_OptionsPopup::faultsSqueezeNoField()
{
    m_popup->open({}, m_anchor.get());
    auto *temperature = field<QLineEdit>("temperature");
    auto *topP = field<QLineEdit>("topP");
    auto *cap = field<QLineEdit>("messageCap");
    auto *schema = field<QPlainTextEdit>("answerSchema");
    const auto heights = [this, schema] {
        return QList<int>{field<QWidget>("systemPrompt")->height(),
                          field<QWidget>("stopSequences")->height(), schema->height(),
                          field<QWidget>("maxOutput")->height()};
    };
    const QList<int> usual = heights();
    const int tall = m_popup->height();
    temperature->setText(QStringLiteral("9"));
    topP->setText(QStringLiteral("3"));
    cap->setText(QStringLiteral("much"));
    schema->setPlainText(QStringLiteral("{"));
    QVERIFY(field<QWidget>("optionsFault")->isVisible());
    QTRY_COMPARE(m_popup->height(), m_popup->heightForWidth(m_popup->width()));
    QVERIFY(m_popup->height() > tall); // four sentences
    QCOMPARE(heights(), usual);
    temperature->clear();
    topP->clear();
    cap->clear();
    schema->clear();
    QTRY_COMPARE(m_popup->height(), tall);
    QCOMPARE(heights(), usual);
}

void tst_OptionsPopup::emptyFieldsAreTheDefaults()
{
    m_popup->open(everything(), m_anchor.get());
    field<QLineEdit>("maxOutput")->clear();
    field<QLineEdit>("temperature")->clear();
    field<QLineEdit>("topP")->clear();
    field<QLineEdit>("messageCap")->clear();
    auto *stop = field<QPlainTextEdit>("stopSequences");
    stop->selectAll();
    QTest::keyClick(stop, Qt::Key_Delete);
    QVERIFY(!field<QWidget>("optionsFault")->isVisible());
    m_popup->hide();
    QCOMPARE(m_told.size(), 1);
    QVERIFY(!told().maxOutputTokens);
    QVERIFY(!told().temperature);
    QVERIFY(!told().messageCap);
    QVERIFY(!told().topP);
    QVERIFY(told().stop.isEmpty());
    QCOMPARE(told().reasoningEffort, QStringLiteral("xhigh")); // no segment here: left alone
}

void tst_OptionsPopup::resetTakesEverythingBack()
{
    m_popup->open(everything(), m_anchor.get());
    QTest::mouseClick(field<QAbstractButton>("optionsReset"), Qt::LeftButton);
    m_popup->hide();
    QCOMPARE(m_told.size(), 1);
    QCOMPARE(told(), ChatOptions()); // also what has no field here
    QCOMPARE(ui::differingOptions(told()), 0);
}

void tst_OptionsPopup::countsWhatDiffers_data()
{
    QTest::addColumn<ChatOptions>("options");
    QTest::addColumn<int>("count");
    QTest::newRow("nothing") << ChatOptions() << 0;
    QTest::newRow("everything") << everything() << 9;
    ChatOptions one;
    one.temperature = 0.0; // zero is a setting, not an absence
    QTest::newRow("temperature-zero") << one << 1;
}

void tst_OptionsPopup::countsWhatDiffers()
{
    QFETCH(const ChatOptions, options);
    QFETCH(const int, count);
    QCOMPARE(ui::differingOptions(options), count);
}

QTEST_MAIN(tst_OptionsPopup)
#include "tst_optionspopup.moc"
