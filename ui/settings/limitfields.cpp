#include "ui/settings/limitfields.h"

#include "ui/settings/formrows.h"
#include "ui/settings/settingfield.h"
#include "ui/widgets/figures.h"

#include <QLineEdit>
#include <QRegularExpression>

namespace ui {

namespace {

QString limitText(std::optional<std::int64_t> limit)
{
    return limit ? countText(*limit) : QString();
}

//! Empty: the provider has not said it.
QString reportedText(const std::optional<core::ReportedLimits::Range> &range)
{
    if (!range)
        return {};
    if (range->least == range->most)
        return LimitFields::tr("The provider reports %1.").arg(countText(range->most));
    return LimitFields::tr("The provider reports %1 to %2, depending on the model.")
        .arg(countText(range->least), countText(range->most));
}

QString joined(const QString &first, const QString &second)
{
    return second.isEmpty() ? first : first + QLatin1Char(' ') + second;
}

} // namespace

std::optional<std::int64_t> limitFrom(const QString &text)
{
    // Groups of three, however they are set apart.
    static const QRegularExpression number(
        QStringLiteral("\\A(?:\\d{1,10}|\\d{1,3}(?:[,.'\\x{2019}\\s]\\d{3}){1,3})\\z"));
    QString digits = text.trimmed();
    if (!number.match(digits).hasMatch())
        return std::nullopt;
    digits.removeIf([](QChar c) { return !c.isDigit(); });
    const std::int64_t limit = digits.toLongLong();
    return limit >= 1 && limit <= core::OwnLimits::Most ? std::optional(limit) : std::nullopt;
}

LimitFields::LimitFields(const ThemeSource &theme, core::AccountNotes &notes,
                         const core::EndpointControl &endpoints, QWidget *parent)
    : QWidget(parent)
    , m_notes(notes)
    , m_endpoints(endpoints)
    , m_requests(new SettingField(theme, QStringLiteral("requestsPerMinute"),
                                  tr("Requests per minute"), {}, this))
    , m_tokens(new SettingField(theme, QStringLiteral("tokensPerMinute"), tr("Tokens per minute"),
                                {}, this))
{
    QVBoxLayout *column = fieldColumn(this);
    column->setSpacing(4 * Theme::Step);
    for (SettingField *field : {m_requests, m_tokens}) {
        column->addWidget(field);
        field->edit()->setPlaceholderText(tr("As the provider says"));
        connect(field, &SettingField::entered, this,
                [this, field](const QString &text) { take(field, text); });
    }
    connect(&notes, &core::AccountNotes::limitsChanged, this, &LimitFields::refresh);
}

void LimitFields::show(const QString &provider)
{
    if (provider != m_provider) {
        m_requests->forget();
        m_tokens->forget();
    }
    m_provider = provider;
    refresh();
}

void LimitFields::refresh()
{
    if (m_provider.isEmpty())
        return;
    const core::OwnLimits own = m_notes.limits(m_provider);
    const core::ReportedLimits reported = m_endpoints.reportedLimits(m_provider);
    m_requests->setValue(limitText(own.requests));
    m_tokens->setValue(limitText(own.tokens));
    m_requests->setNote(joined(tr("Sent no faster than this, each model for itself."),
                               reportedText(reported.requests)));
    m_tokens->setNote(reportedText(reported.tokens));
}

void LimitFields::take(SettingField *field, const QString &text)
{
    const auto limit = limitFrom(text);
    if (!limit && !text.isEmpty())
        return field->refuse(
            tr("A whole number from 1 to %1, or nothing.").arg(countText(core::OwnLimits::Most)));
    core::OwnLimits own = m_notes.limits(m_provider);
    (field == m_requests ? own.requests : own.tokens) = limit;
    m_notes.setLimits(m_provider, own);
    field->saved(limitText(limit));
}

//! What the provider says comes with its answers.
void LimitFields::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

} // namespace ui
