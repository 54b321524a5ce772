#include "ui/settings/workspacepage.h"

#include "core/conversation/promptguard.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"

#include <QEvent>
#include <QFocusEvent>
#include <QFontMetrics>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include <utility>

namespace ui {

WorkspacePage::WorkspacePage(const ThemeSource &theme, core::Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_settings(settings)
    , m_patterns(new QPlainTextEdit(this))
    , m_fault(new PlainLabel(theme, TextRole::Error, {}, this))
    , m_undo(new PillButton(theme, ButtonLook::Link, tr("Undo"), this))
{
    setObjectName(QStringLiteral("workspacePage"));
    build(theme);
    m_patterns->setPlainText(stored());
    m_patterns->installEventFilter(this);
    connect(m_patterns, &QPlainTextEdit::textChanged, this, &WorkspacePage::checkPatterns);
    connect(m_undo, &QAbstractButton::clicked, this, [this] {
        const QString former = m_former;
        m_patterns->setPlainText(former);
        store(former);
    });
    connect(&m_settings, &core::Settings::changed, this, [this](const QString &key) {
        if (key == core::settings::BlockedPatterns.name() && !m_patterns->hasFocus())
            m_patterns->setPlainText(stored());
    });
}

void WorkspacePage::build(const ThemeSource &theme)
{
    constexpr int LinesShown = 8;
    const QString name = core::settings::BlockedPatterns.name();
    const QString head = tr("Never send without a question");
    auto *note = new PlainLabel(
        theme, TextRole::Small,
        tr("One a line: words, in capitals or not, or a regular expression between slashes, as "
           "/ACME-\\d+/. Keys and passwords are always asked about."),
        this);
    note->setWordWrap(true);
    m_patterns->setObjectName(name);
    m_patterns->setAccessibleName(head);
    m_patterns->setAccessibleDescription(note->text());
    m_patterns->setTabChangesFocus(true);
    m_patterns->setMinimumHeight(LinesShown * QFontMetrics(theme.theme().chrome).lineSpacing());
    m_fault->setObjectName(name + QStringLiteral("-fault"));
    m_fault->setWordWrap(true);
    m_fault->hide();
    m_undo->setObjectName(name + QStringLiteral("-undo"));
    m_undo->setAccessibleName(tr("Undo: %1").arg(head));
    m_undo->hide();

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * Theme::Step);
    column->addWidget(new PlainLabel(theme, TextRole::Heading, tr("Workspace"), this));
    column->addWidget(new PlainLabel(theme, TextRole::Section, head, this));
    column->addWidget(m_patterns);
    column->addWidget(m_fault);
    column->addWidget(note);
    column->addWidget(m_undo, 0, Qt::AlignLeading);
    column->addStretch(1);
}

QString WorkspacePage::stored() const
{
    return m_settings.value(core::settings::BlockedPatterns);
}

void WorkspacePage::checkPatterns()
{
    m_undo->hide();
    QString fault;
    const QStringList lines = m_patterns->toPlainText().split(u'\n');
    for (qsizetype i = 0; i < lines.size() && fault.isEmpty(); ++i) {
        if (const QString why = core::patternFault(lines.at(i)); !why.isEmpty())
            fault = tr("Line %1 is no regular expression: %2.").arg(QString::number(i + 1), why);
    }
    m_fault->setText(fault);
    m_fault->setVisible(!fault.isEmpty());
}

void WorkspacePage::leavePatterns()
{
    QStringList patterns;
    for (const QString &line : m_patterns->toPlainText().split(u'\n')) {
        const QString pattern = line.trimmed();
        if (!core::patternFault(pattern).isEmpty())
            return; // what was typed stays, nothing is stored
        if (!pattern.isEmpty())
            patterns.append(pattern);
    }
    store(patterns.join(u'\n'));
}

void WorkspacePage::store(const QString &patterns)
{
    const QString former = stored();
    if (patterns == former)
        return;
    if (const auto written = m_settings.setValue(core::settings::BlockedPatterns, patterns);
        !written)
        Q_EMIT failed(written.error().detail);
    m_former = former;
    m_undo->show();
}

bool WorkspacePage::eventFilter(QObject *watched, QEvent *event)
{
    // The field's own menu takes the focus, too, and gives it back.
    if (watched == m_patterns && event->type() == QEvent::FocusOut &&
        static_cast<QFocusEvent *>(event)->reason() != Qt::PopupFocusReason)
        leavePatterns();
    return QWidget::eventFilter(watched, event);
}

void WorkspacePage::hideEvent(QHideEvent *event)
{
    leavePatterns();
    QWidget::hideEvent(event);
}

} // namespace ui
