#pragma once

#include "core/base/secretstring.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QLineEdit;

namespace ui {

class PillButton;
class PlainLabel;

//! Takes a pair of AWS access keys, with a session token where they are temporary. What is typed
//! leaves the fields when it is saved. UI thread.
class KeyPairField final : public QWidget
{
    Q_OBJECT
public:
    explicit KeyPairField(const ThemeSource &theme, QWidget *parent = nullptr);

    void clear();
    void focusFirst();

Q_SIGNALS:
    void typed(const core::SecretString &keys); //!< ID:SECRET[:SESSION_TOKEN].

private:
    void save();
    void refresh();

    QLineEdit *m_id;
    QLineEdit *m_secret;
    QLineEdit *m_token;
    PillButton *m_save;
    PlainLabel *m_hint;
};

} // namespace ui
