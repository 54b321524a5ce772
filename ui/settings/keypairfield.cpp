#include "ui/settings/keypairfield.h"

#include "core/secrets/awsprofiles.h"
#include "ui/settings/formrows.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"

#include <QLineEdit>

namespace ui {

KeyPairField::KeyPairField(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_id(new QLineEdit(this))
    , m_secret(new QLineEdit(this))
    , m_token(new QLineEdit(this))
    , m_save(new PillButton(theme, ButtonLook::Primary, tr("Save keys"), this))
    , m_hint(new PlainLabel(theme, TextRole::Error, {}, this))
{
    const auto dress = [](QLineEdit *field, const char *name, const QString &text) {
        field->setObjectName(QLatin1String(name));
        field->setAccessibleName(text);
        field->setPlaceholderText(text);
    };
    dress(m_id, "accessKeyId", tr("Access key ID"));
    dress(m_secret, "secretAccessKey", tr("Secret access key"));
    dress(m_token, "sessionToken", tr("Session token, if the keys are temporary"));
    m_secret->setEchoMode(QLineEdit::Password);
    m_token->setEchoMode(QLineEdit::Password);
    m_save->setObjectName(QStringLiteral("saveKeyPair"));
    m_hint->setObjectName(QStringLiteral("keyPairHint"));
    m_hint->setWordWrap(true);
    QVBoxLayout *column = fieldColumn(this);
    column->setSpacing(2 * Theme::Step);
    column->addWidget(m_id);
    column->addWidget(m_secret);
    column->addLayout(rowOf({m_token, m_save}));
    column->addWidget(m_hint);
    for (QLineEdit *field : {m_id, m_secret, m_token}) {
        connect(field, &QLineEdit::textChanged, this, &KeyPairField::refresh);
        connect(field, &QLineEdit::returnPressed, this, &KeyPairField::save);
    }
    connect(m_save, &QAbstractButton::clicked, this, &KeyPairField::save);
    refresh();
}

void KeyPairField::clear()
{
    for (QLineEdit *field : {m_id, m_secret, m_token})
        field->clear();
}

void KeyPairField::focusFirst()
{
    m_id->setFocus();
}

void KeyPairField::refresh()
{
    m_save->setEnabled(!m_id->text().trimmed().isEmpty() && !m_secret->text().trimmed().isEmpty());
    m_hint->hide();
}

void KeyPairField::save()
{
    if (!m_save->isEnabled())
        return;
    const auto bytes = [](const QLineEdit *field) { return field->text().trimmed().toUtf8(); };
    const auto keys = core::awsKeys(bytes(m_id), bytes(m_secret), bytes(m_token));
    if (!keys) {
        m_hint->setText(tr("These are no access keys of AWS: an ID is 16 to 128 capital letters "
                           "and digits, such as AKIA..., and none has a space or a colon."));
        m_hint->show();
        return;
    }
    clear(); // nothing of them stays in a widget
    Q_EMIT typed(*keys);
}

} // namespace ui
