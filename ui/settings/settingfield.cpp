#include "ui/settings/settingfield.h"

#include "ui/settings/formrows.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"

#include <QHBoxLayout>
#include <QLineEdit>

#include <utility>

namespace ui {

namespace {

constexpr int LabelSpace = 2 * Theme::Step;

} // namespace

SettingField::SettingField(const ThemeSource &theme, const QString &objectName, const QString &name,
                           const QString &note, QWidget *parent)
    : QWidget(parent)
    , m_edit(new QLineEdit(this))
    , m_undo(new PillButton(theme, ButtonLook::Link, tr("Undo"), this))
    , m_note(new PlainLabel(theme, TextRole::Small, note, this))
    , m_fault(new PlainLabel(theme, TextRole::Error, {}, this))
{
    m_edit->setObjectName(objectName);
    m_edit->setAccessibleName(name);
    m_undo->setObjectName(objectName + QStringLiteral("-undo"));
    m_undo->setAccessibleName(tr("Undo: %1").arg(name));
    m_fault->setObjectName(objectName + QStringLiteral("-fault"));
    auto *label = new PlainLabel(theme, TextRole::Muted, name, this);
    label->setFixedWidth(LabelColumn - LabelSpace);
    label->setWordWrap(true);
    label->setContentsMargins(0, 2 * Theme::Step, 0, 0);
    label->setBuddy(m_edit);
    m_note->setWordWrap(true);
    m_fault->setWordWrap(true);
    setNote(note);
    m_undo->hide();
    m_fault->hide();

    auto *line = new QHBoxLayout;
    line->setObjectName(QStringLiteral("line"));
    line->setSpacing(2 * Theme::Step);
    line->addWidget(m_edit, 1);
    line->addWidget(m_undo);
    auto *column = new QVBoxLayout;
    column->setSpacing(Theme::Step);
    column->addLayout(line);
    column->addWidget(m_fault);
    column->addWidget(m_note);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(LabelSpace);
    row->addWidget(label, 0, Qt::AlignTop);
    row->addLayout(column, 1);

    connect(m_edit, &QLineEdit::editingFinished, this, &SettingField::leave);
    connect(m_edit, &QLineEdit::textEdited, this, [this] {
        m_undo->hide();
        m_fault->hide();
    });
    connect(m_undo, &QAbstractButton::clicked, this, [this] {
        const QString former = std::exchange(m_former, m_value);
        Q_EMIT entered(former);
    });
}

void SettingField::setNote(const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_edit->setAccessibleDescription(note);
}

void SettingField::forget()
{
    m_edit->setModified(false);
    m_undo->hide();
    m_fault->hide();
}

void SettingField::setValue(const QString &value)
{
    m_value = value;
    if (!m_edit->isModified())
        m_edit->setText(value);
}

void SettingField::saved(const QString &value)
{
    m_value = value;
    m_edit->setText(value);
    m_fault->hide();
    m_undo->show();
}

void SettingField::refuse(const QString &fault)
{
    m_fault->setText(fault);
    m_fault->show();
    m_undo->hide();
}

void SettingField::enter(const QString &text)
{
    m_edit->setText(text);
    m_edit->setModified(true);
    leave();
}

void SettingField::addBeside(QWidget *widget)
{
    findChild<QHBoxLayout *>(QStringLiteral("line"))->addWidget(widget);
}

void SettingField::leave()
{
    // Enter and then leaving say the same thing twice.
    if (!m_edit->isModified())
        return;
    m_edit->setModified(false);
    const QString text = m_edit->text().trimmed();
    if (text == m_value) {
        m_edit->setText(m_value);
        m_fault->hide();
        return;
    }
    m_former = m_value;
    Q_EMIT entered(text);
}

} // namespace ui
