#include "ui/settings/fallbackpage.h"

#include "ui/widgets/plainlabel.h"

#include <QCheckBox>
#include <QVBoxLayout>

namespace ui {

namespace keys = core::settings;

FallbackPage::FallbackPage(const ThemeSource &theme, core::Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_settings(settings)
{
    setObjectName(QStringLiteral("fallbackPage"));
    build();
}

void FallbackPage::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(new PlainLabel(m_theme, TextRole::Heading, tr("Routes and fallback"), this));
    column->addWidget(
        makeCheck(keys::Retry, tr("Ask again after rate limits, overload and lost connections")));
    column->addWidget(makeCheck(keys::Fallback, tr("Then ask the next model of the route")));
    column->addWidget(makeCheck(keys::ContinueBrokenAnswers,
                                tr("Continue an answer whose connection broke, once, by itself")));
    auto *promise = new PlainLabel(
        m_theme, TextRole::Small,
        tr("Asked again only before a word was shown; an answer that goes on keeps what it has and "
           "costs its own request. Under each answer stands who gave it."),
        this);
    promise->setWordWrap(true);
    column->addWidget(promise);
    column->addWidget(makeCheck(keys::DrainStopped,
                                tr("After Stop, count the rest unseen to know the exact cost")));
    auto *drain = new PlainLabel(
        m_theme, TextRole::Small,
        tr("This pays for the rest of the answer, up to a minute of it. Without it the connection "
           "is closed at once, and the cost is a range."),
        this);
    drain->setWordWrap(true);
    column->addWidget(drain);
}

QWidget *FallbackPage::makeCheck(const core::Setting<bool> &setting, const QString &text)
{
    auto *check = new QCheckBox(text, this);
    check->setObjectName(setting.name());
    check->setChecked(m_settings.value(setting));
    connect(check, &QCheckBox::toggled, this, [this, setting](bool on) {
        if (const auto written = m_settings.setValue(setting, on); !written)
            Q_EMIT failed(written.error().detail);
    });
    return check;
}

} // namespace ui
