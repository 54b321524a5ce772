#pragma once

#include "ui/theme/themesource.h"

#include <QWidget>

class QLineEdit;

namespace ui {

class PlainLabel;
class TranscriptView;

//! Ctrl+F: finds text in the chat that is shown. Enter and Shift+Enter step, Esc ends. UI thread.
class FindBar final : public QWidget
{
    Q_OBJECT
public:
    FindBar(const ThemeSource &theme, TranscriptView &view, QWidget *parent = nullptr);

    void start();
    void stop();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    TranscriptView &m_view;
    QLineEdit *m_text;
    PlainLabel *m_count;
};

} // namespace ui
