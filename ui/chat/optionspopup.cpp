#include "ui/chat/optionspopup.h"

#include "core/chat/answerschema.h"
#include "core/conversation/messagecap.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/segmentedcontrol.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QScreen>

#include <algorithm>

namespace ui {

namespace {

constexpr int Width = 460;
constexpr int LargestOutput = 10'000'000;
constexpr double HottestTemperature = 2.0;
constexpr int SystemLines = 5; //!< That are seen at once.
constexpr int StopLines = 2;   //!< Likewise.
constexpr int SchemaLines = 4; //!< Likewise.

//! The efforts offered; the first stands for the provider's default.
const QStringList &efforts()
{
    static const QStringList all{QString(), QStringLiteral("none"), QStringLiteral("low"),
                                 QStringLiteral("medium"), QStringLiteral("high")};
    return all;
}

//! The number in \p field if it is one within the bounds; an empty field is no number and no fault.
std::optional<int> outputIn(const QLineEdit &field)
{
    bool ok = false;
    const int number = field.text().trimmed().toInt(&ok);
    return ok && number > 0 && number <= LargestOutput ? std::optional(number) : std::nullopt;
}

std::optional<double> temperatureIn(const QLineEdit &field)
{
    bool ok = false;
    const double number = field.text().trimmed().toDouble(&ok); // the C locale: 0.7 everywhere
    return ok && number >= 0 && number <= HottestTemperature ? std::optional(number) : std::nullopt;
}

std::optional<double> topPIn(const QLineEdit &field)
{
    bool ok = false;
    const double number = field.text().trimmed().toDouble(&ok);
    return ok && number > 0 && number <= 1 ? std::optional(number) : std::nullopt;
}

//! One a line. Spaces belong to a sequence, but one of nothing else is a slip of the keyboard, and
//! services refuse it.
QStringList stopsIn(const QString &text)
{
    QStringList stops;
    for (const QString &line : text.split(QLatin1Char('\n'))) {
        if (!line.trimmed().isEmpty() && !stops.contains(line))
            stops.append(line);
    }
    return stops;
}

//! What is typed, as bytes: services read the members in their order, so nothing is tidied.
QByteArray schemaIn(const QPlainTextEdit &field)
{
    return field.toPlainText().trimmed().toUtf8();
}

QString schemaFault(const QPlainTextEdit &field)
{
    const QByteArray schema = schemaIn(field);
    return schema.isEmpty() ? QString() : core::answerSchemaFault(schema);
}

//! With its frame: as much as a line.
int heightOf(int lines, const QFont &font)
{
    return (lines + 1) * QFontMetrics(font).lineSpacing();
}

bool isEmpty(const QLineEdit &field)
{
    return field.text().trimmed().isEmpty();
}

} // namespace

int differingOptions(const core::ChatOptions &options)
{
    return int{!options.system.isEmpty()} + int{options.maxOutputTokens.has_value()} +
           int{options.temperature.has_value()} + int{options.topP.has_value()} +
           int{!options.stop.isEmpty()} + int{!options.reasoningEffort.isEmpty()} +
           int{!options.jsonSchema.isEmpty()} + int{options.messageCap.has_value()} +
           int{options.reuseAnswers};
}

OptionsPopup::OptionsPopup(const ThemeSource &theme, QWidget *parent)
    : QFrame(parent, Qt::Popup | Qt::FramelessWindowHint)
    , m_theme(theme)
    , m_system(new QPlainTextEdit(this))
    , m_maxOutput(new QLineEdit(this))
    , m_temperature(new QLineEdit(this))
    , m_topP(new QLineEdit(this))
    , m_stop(new QPlainTextEdit(this))
    , m_schema(new QPlainTextEdit(this))
    , m_cap(new QLineEdit(this))
    , m_reasoning(new SegmentedControl(
          theme, {tr("Default"), tr("Off"), tr("Low"), tr("Medium"), tr("High")}, this))
    , m_reuse(new QCheckBox(tr("Give the same answer to the same request, for a day"), this))
    , m_fault(new PlainLabel(theme, TextRole::Error, {}, this))
    , m_reset(new PillButton(theme, ButtonLook::Link, tr("Back to the defaults"), this))
{
    setObjectName(QStringLiteral("optionsPopup"));
    build();
    for (QLineEdit *field : {m_maxOutput, m_temperature, m_topP, m_cap}) {
        connect(field, &QLineEdit::textChanged, this, &OptionsPopup::check);
        connect(field, &QLineEdit::returnPressed, this, &QWidget::hide);
    }
    connect(m_schema, &QPlainTextEdit::textChanged, this, &OptionsPopup::check);
    connect(m_reset, &QAbstractButton::clicked, this, [this] {
        m_base = {}; // also what has no field here
        show(m_base);
    });
}

void OptionsPopup::build()
{
    m_system->setObjectName(QStringLiteral("systemPrompt"));
    m_system->setAccessibleName(tr("System prompt"));
    m_system->setPlaceholderText(tr("How the model should behave in this chat"));
    m_system->setTabChangesFocus(true);
    m_maxOutput->setObjectName(QStringLiteral("maxOutput"));
    m_maxOutput->setAccessibleName(tr("Longest answer in tokens"));
    m_temperature->setObjectName(QStringLiteral("temperature"));
    m_temperature->setAccessibleName(tr("Temperature"));
    m_topP->setObjectName(QStringLiteral("topP"));
    m_topP->setAccessibleName(tr("Top P"));
    m_stop->setObjectName(QStringLiteral("stopSequences"));
    m_stop->setAccessibleName(tr("Stop sequences, one a line"));
    m_stop->setPlaceholderText(tr("The answer ends before any of these, one a line"));
    m_stop->setTabChangesFocus(true);
    m_stop->setFixedHeight(heightOf(StopLines, m_theme.theme().chrome));
    m_schema->setObjectName(QStringLiteral("answerSchema"));
    m_schema->setAccessibleName(tr("JSON schema that the answer follows"));
    m_schema->setPlaceholderText(
        tr("A JSON schema that the answer follows, like\n"
           "{\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}}"));
    m_schema->setTabChangesFocus(true);
    m_schema->setFont(m_theme.theme().mono);
    m_cap->setObjectName(QStringLiteral("messageCap"));
    m_cap->setAccessibleName(tr("The most that a message may cost"));
    m_cap->setPlaceholderText(tr("No cap, or an amount like 5c or $0.05"));
    m_reasoning->setAccessibleName(tr("Reasoning"));
    for (QLineEdit *field : {m_maxOutput, m_temperature, m_topP})
        field->setPlaceholderText(tr("The provider's default"));
    m_reuse->setObjectName(QStringLiteral("reuseAnswers"));
    m_fault->setObjectName(QStringLiteral("optionsFault"));
    m_fault->setWordWrap(true);
    m_reset->setObjectName(QStringLiteral("optionsReset"));
    layOut();
}

void OptionsPopup::layOut()
{
    constexpr int Inset = 4 * Theme::Step;
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(Inset, Inset, Inset, Inset);
    grid->setHorizontalSpacing(3 * Theme::Step);
    grid->setVerticalSpacing(3 * Theme::Step);
    grid->setColumnStretch(1, 1);
    const auto add = [this, grid](const QString &name, QWidget *field) {
        const int row = grid->rowCount();
        auto *label = new PlainLabel(m_theme, TextRole::Muted, name, this);
        // It stands on the line of its field's first row.
        label->setContentsMargins(0, field == m_reuse ? 0 : 2 * Theme::Step, 0, 0);
        grid->addWidget(label, row, 0, Qt::AlignTop | Qt::AlignLeading);
        grid->addWidget(field, row, 1);
    };
    add(tr("System prompt"), m_system);
    add(tr("Longest answer"), m_maxOutput);
    add(tr("Temperature"), m_temperature);
    add(tr("Top P"), m_topP);
    add(tr("Stop sequences"), m_stop);
    add(tr("Reasoning"), m_reasoning);
    add(tr("Answer as JSON"), m_schema);
    add(tr("Cost of a message"), m_cap);
    add(tr("Cache"), m_reuse);
    auto *foot = new QHBoxLayout; // a short fault takes no row of its own
    foot->setSpacing(3 * Theme::Step);
    foot->addWidget(m_fault, 1);
    foot->addWidget(m_reset, 0, Qt::AlignTop | Qt::AlignTrailing);
    grid->addLayout(foot, grid->rowCount(), 0, 1, 2);
}

void OptionsPopup::open(const core::ChatOptions &options, const QWidget *anchor, std::int64_t owner)
{
    m_told = m_base = options;
    m_owner = owner;
    show(options);
    if (const auto typed = m_faultySchemas.constFind(owner); typed != m_faultySchemas.constEnd()) {
        QTextCursor all(m_schema->document()); // Undo brings the one in force
        all.select(QTextCursor::Document);
        all.insertText(*typed);
    }
    setFixedWidth(std::max(m_theme.widthForText(Width), layout()->minimumSize().width()));
    m_anchor = QRect(anchor->mapToGlobal(QPoint(0, 0)), anchor->size());
    m_screen = anchor->screen()->availableGeometry();
    fit(m_screen.height());
    m_isAbove = m_anchor.top() - wantedHeight() - Theme::Step >= m_screen.top();
    place();
    QFrame::show();
    m_system->setFocus(Qt::PopupFocusReason);
}

int OptionsPopup::wantedHeight() const
{
    return layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width())
                                         : layout()->totalSizeHint().height();
}

//! Where all does not go into \p room, the long fields give way: they scroll.
void OptionsPopup::fit(int room)
{
    constexpr int FewestLines = 2;
    m_system->setFixedHeight(heightOf(SystemLines, m_theme.theme().chrome));
    m_schema->setFixedHeight(heightOf(SchemaLines, m_theme.theme().mono));
    int over = wantedHeight() - room;
    for (QPlainTextEdit *field : {m_system, m_schema}) {
        const int usual = field->maximumHeight();
        const int least = std::min(usual, heightOf(FewestLines, field->font()));
        field->setFixedHeight(std::clamp(usual - over, least, usual));
        over -= usual - field->maximumHeight();
    }
}

//! As tall as what stands in it, a fault included, on the side of the anchor where it was opened.
//! Over the composer rather than off the screen, where that has no room at either side.
void OptionsPopup::place()
{
    fit(m_screen.height());
    layout()->activate(); // else a fault that is gone would keep its height
    const int tall = std::min(wantedHeight(), m_screen.height());
    const int y =
        m_isAbove ? m_anchor.top() - tall - Theme::Step : m_anchor.bottom() + 1 + Theme::Step;
    const auto within = [](int at, int first, int last) {
        return std::clamp(at, first, std::max(first, last));
    };
    setGeometry(within(m_anchor.left(), m_screen.left(), m_screen.right() + 1 - width()),
                within(y, m_screen.top(), m_screen.bottom() + 1 - tall), width(), tall);
}

void OptionsPopup::show(const core::ChatOptions &options)
{
    m_system->setPlainText(options.system);
    m_maxOutput->setText(options.maxOutputTokens ? QString::number(*options.maxOutputTokens)
                                                 : QString());
    m_temperature->setText(options.temperature ? QString::number(*options.temperature) : QString());
    m_topP->setText(options.topP ? QString::number(*options.topP) : QString());
    m_stop->setPlainText(options.stop.join(QLatin1Char('\n')));
    m_stop->document()->setModified(false);
    m_schema->setPlainText(QString::fromUtf8(options.jsonSchema));
    m_schema->document()->setModified(false);
    m_cap->setText(options.messageCap ? QLatin1Char('$') + options.messageCap->toDecimal()
                                      : QString());
    m_reuse->setChecked(options.reuseAnswers);
    m_reasoning->setCurrent(
        std::max(0, static_cast<int>(efforts().indexOf(options.reasoningEffort))));
    check();
}

void OptionsPopup::check()
{
    QStringList faults;
    if (!isEmpty(*m_maxOutput) && !outputIn(*m_maxOutput))
        faults << tr("The longest answer is a whole number of tokens.");
    if (!isEmpty(*m_temperature) && !temperatureIn(*m_temperature))
        faults << tr("The temperature is a number from 0 to 2.");
    if (!isEmpty(*m_topP) && !topPIn(*m_topP))
        faults << tr("Top P is a number above 0, up to 1.");
    if (!isEmpty(*m_cap) && !core::capFrom(m_cap->text()))
        faults << tr("The cost of a message is an amount like 5c or $0.05.");
    if (const QString fault = schemaFault(*m_schema); !fault.isEmpty())
        faults << fault;
    m_fault->setText(faults.join(QLatin1Char(' ')));
    m_fault->setVisible(!faults.isEmpty());
    if (isVisible())
        place();
}

core::ChatOptions OptionsPopup::read() const
{
    core::ChatOptions options = m_base;
    options.system = m_system->toPlainText().trimmed();
    if (isEmpty(*m_maxOutput) || outputIn(*m_maxOutput))
        options.maxOutputTokens = outputIn(*m_maxOutput);
    if (isEmpty(*m_temperature) || temperatureIn(*m_temperature))
        options.temperature = temperatureIn(*m_temperature);
    if (isEmpty(*m_topP) || topPIn(*m_topP))
        options.topP = topPIn(*m_topP);
    // What was not touched stays as it came, also where a line cannot hold it ("\n\n", imported).
    if (m_stop->document()->isModified())
        options.stop = stopsIn(m_stop->toPlainText());
    // Likewise: a verb's or an imported one may be written in another way.
    if (m_schema->document()->isModified() && schemaFault(*m_schema).isEmpty())
        options.jsonSchema = schemaIn(*m_schema);
    if (isEmpty(*m_cap) || core::capFrom(m_cap->text()))
        options.messageCap = core::capFrom(m_cap->text());
    options.reuseAnswers = m_reuse->isChecked();
    // An effort that is not offered here ("xhigh", by a verb) stays unless another one is chosen.
    const QString chosen = efforts().at(m_reasoning->current());
    if (!chosen.isEmpty() || efforts().contains(options.reasoningEffort))
        options.reasoningEffort = chosen;
    return options;
}

void OptionsPopup::hideEvent(QHideEvent *event)
{
    QFrame::hideEvent(event);
    if (schemaFault(*m_schema).isEmpty())
        m_faultySchemas.remove(m_owner);
    else if (m_schema->document()->isModified())
        m_faultySchemas.insert(m_owner, m_schema->toPlainText());
    const core::ChatOptions options = read();
    if (options == m_told)
        return;
    m_told = m_base = options;
    Q_EMIT changed(options);
}

void OptionsPopup::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    painter.fillRect(rect(), theme.card);
    painter.setPen(theme.controlBorder);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

} // namespace ui
