#include "ui/settings/authorityfield.h"

#include "core/base/whenready.h"
#include "ui/settings/formrows.h"
#include "ui/settings/settingfield.h"
#include "ui/widgets/buttons.h"

#include <QFileDialog>
#include <QLineEdit>

namespace ui {

AuthorityField::AuthorityField(const ThemeSource &theme, core::AccountNotes &notes,
                               CertificatesIn certificatesIn, QWidget *parent)
    : QWidget(parent)
    , m_notes(notes)
    , m_certificatesIn(std::move(certificatesIn))
    , m_file(new SettingField(theme, QStringLiteral("authorityFile"), tr("Certificate authority"),
                              tr("A PEM file, for a server or a proxy of your organisation. It "
                                 "vouches for this address only; the system's authorities stay."),
                              this))
{
    auto *button = new PillButton(theme, ButtonLook::Outline, tr("Choose"), m_file);
    button->setObjectName(QStringLiteral("chooseAuthority"));
    m_file->addBeside(button);
    m_file->edit()->setPlaceholderText(tr("The system's only"));
    fieldColumn(this)->addWidget(m_file);
    connect(m_file, &SettingField::entered, this, &AuthorityField::take);
    connect(button, &QAbstractButton::clicked, this, &AuthorityField::choose);
    connect(&notes, &core::AccountNotes::authorityChanged, this, &AuthorityField::refresh);
}

void AuthorityField::show(const QString &provider)
{
    if (provider != m_provider)
        m_file->forget();
    m_provider = provider;
    refresh();
}

void AuthorityField::refresh()
{
    if (!m_provider.isEmpty())
        m_file->setValue(m_notes.authorityFile(m_provider));
}

void AuthorityField::choose()
{
    auto *dialog = new QFileDialog(this, tr("Certificate authority"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Certificates (*.pem *.crt *.cer)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, m_file, &SettingField::enter);
    dialog->open();
}

void AuthorityField::take(const QString &file)
{
    if (file.isEmpty() || !m_certificatesIn)
        return save(file);
    core::whenReady(this, m_certificatesIn(file),
                    [this, file, provider = m_provider](const core::Result<int> &certificates) {
                        if (provider != m_provider) // another page is shown by now
                            return;
                        if (!certificates)
                            return m_file->refuse(certificates.error().detail);
                        save(file);
                    });
}

void AuthorityField::save(const QString &file)
{
    m_notes.setAuthorityFile(m_provider, file);
    m_file->saved(file);
}

} // namespace ui
