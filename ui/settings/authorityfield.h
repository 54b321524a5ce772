#pragma once

#include "core/base/result.h"
#include "core/client/accountnotes.h"
#include "ui/theme/themesource.h"

#include <QFuture>
#include <QWidget>

#include <functional>

namespace ui {

class SettingField;

//! How many certificates a PEM file holds; an error says why it cannot be used. Does not wait. May
//! be empty.
using CertificatesIn = std::function<QFuture<core::Result<int>>(const QString &file)>;

//! The file of a certificate authority that vouches for one provider's endpoint and no other.
//! Looked at first, then saved, with Undo. UI thread.
class AuthorityField final : public QWidget
{
    Q_OBJECT
public:
    AuthorityField(const ThemeSource &theme, core::AccountNotes &notes,
                   CertificatesIn certificatesIn, QWidget *parent = nullptr);

    void show(const QString &provider);

private:
    void refresh();
    void choose();
    void take(const QString &file);
    void save(const QString &file);

    core::AccountNotes &m_notes;
    CertificatesIn m_certificatesIn;
    QString m_provider;
    SettingField *m_file;
};

} // namespace ui
