#include "ui/settings/appearancepage.h"

#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/segmentedcontrol.h"

#include <QCheckBox>
#include <QHBoxLayout>

#include <algorithm>

namespace ui {

namespace keys = core::settings;

namespace {

// As the keys Ctrl+Plus and Ctrl+Minus do.
constexpr int SmallestText = 70;
constexpr int LargestText = 200;
constexpr int TextStep = 10;

} // namespace

AppearancePage::AppearancePage(const ThemeSource &theme, core::Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_settings(settings)
{
    setObjectName(QStringLiteral("appearancePage"));
    SegmentedControl *scheme = makeChoice(
        keys::Theme, {QStringLiteral("system"), QStringLiteral("light"), QStringLiteral("dark")},
        {tr("As the desktop"), tr("Light"), tr("Dark")});
    scheme->setObjectName(QStringLiteral("themeChoice"));
    scheme->setAccessibleName(tr("Colours"));
    SegmentedControl *spoken =
        makeChoice(keys::SpokenAnswers,
                   {QStringLiteral("sentences"), QStringLiteral("end"), QStringLiteral("off")},
                   {tr("A sentence at a time"), tr("At their end"), tr("Off")});
    spoken->setObjectName(QStringLiteral("spokenAnswersChoice"));
    spoken->setAccessibleName(tr("A screen reader says answers"));

    auto *smaller = new PillButton(theme, ButtonLook::Outline, tr("Smaller"), this);
    auto *larger = new PillButton(theme, ButtonLook::Outline, tr("Larger"), this);
    auto *percent = new PlainLabel(theme, TextRole::Body, {}, this);
    smaller->setObjectName(QStringLiteral("textSmaller"));
    larger->setObjectName(QStringLiteral("textLarger"));
    percent->setObjectName(QStringLiteral("textPercent"));
    const auto showSize = [this, smaller, larger, percent] {
        const int size = m_settings.value(keys::TextSize);
        percent->setText(tr("%1 %").arg(size));
        smaller->setEnabled(size > SmallestText);
        larger->setEnabled(size < LargestText);
    };
    const auto change = [this](int step) {
        set(keys::TextSize,
            std::clamp(m_settings.value(keys::TextSize) + step, SmallestText, LargestText));
    };
    connect(smaller, &QAbstractButton::clicked, this, [change] { change(-TextStep); });
    connect(larger, &QAbstractButton::clicked, this, [change] { change(TextStep); });
    connect(&settings, &core::Settings::changed, this, showSize);
    showSize();
    auto *size = new QHBoxLayout;
    size->setSpacing(2 * Theme::Step);
    for (QWidget *each : {static_cast<QWidget *>(smaller), static_cast<QWidget *>(percent),
                          static_cast<QWidget *>(larger)})
        size->addWidget(each);
    size->addStretch(1);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(new PlainLabel(theme, TextRole::Heading, tr("Appearance"), this));
    column->addWidget(new PlainLabel(theme, TextRole::Section, tr("Colours"), this));
    column->addWidget(scheme, 0, Qt::AlignLeft);
    column->addWidget(new PlainLabel(theme, TextRole::Section, tr("Text size"), this));
    column->addLayout(size);
    column->addWidget(new PlainLabel(theme, TextRole::Section, tr("Reading and writing"), this));
    column->addWidget(makeCheck(keys::FollowAnswers, tr("Follow answers while they are written")));
    column->addWidget(makeCheck(keys::WideColumn, tr("Use the whole width for messages")));
    column->addWidget(
        makeCheck(keys::SendWithEnter, tr("Enter sends, Shift+Enter breaks the line")));
    column->addWidget(
        makeCheck(keys::NotifyOfAnswers, tr("Notify when an answer ends while Farthing is in the "
                                            "background")));
    column->addWidget(
        new PlainLabel(theme, TextRole::Section, tr("A screen reader says answers"), this));
    column->addWidget(spoken, 0, Qt::AlignLeft);
    column->addStretch(1);
}

template <typename T>
void AppearancePage::set(const core::Setting<T> &setting, const T &value)
{
    if (const auto written = m_settings.setValue(setting, value); !written)
        Q_EMIT failed(written.error().detail);
}

SegmentedControl *AppearancePage::makeChoice(const core::Setting<QString> &setting,
                                             const QStringList &values, const QStringList &texts)
{
    auto *choice = new SegmentedControl(m_theme, texts, this);
    choice->setCurrent(std::max(0, static_cast<int>(values.indexOf(m_settings.value(setting)))));
    connect(choice, &SegmentedControl::chosen, this,
            [this, setting, values](int index) { set(setting, values.at(index)); });
    return choice;
}

QWidget *AppearancePage::makeCheck(const core::Setting<bool> &setting, const QString &text)
{
    auto *check = new QCheckBox(text, this);
    check->setObjectName(setting.name());
    check->setChecked(m_settings.value(setting));
    connect(check, &QCheckBox::toggled, this, [this, setting](bool on) { set(setting, on); });
    return check;
}

} // namespace ui
