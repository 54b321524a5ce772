#pragma once

#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

class PillButton;
class PlainLabel;

//! A model server on this computer that answered.
struct LocalServer
{
    QString provider;
    QString name;    //!< "Ollama".
    QString address; //!< "127.0.0.1:11434".
    int models = 0;
};

//! What an empty chat shows. While nothing can be asked yet: three ways to begin. Later: one line.
//! UI thread.
class Welcome final : public QWidget
{
    Q_OBJECT
public:
    explicit Welcome(const ThemeSource &theme, QWidget *parent = nullptr);

    //! Whether the three ways are shown.
    void setFirstRun(bool firstRun);
    void setLooking(); //!< For local servers.
    void setLocalServers(const QList<LocalServer> &servers);

Q_SIGNALS:
    void localServerChosen(const QString &provider);
    void lookAgainRequested();
    void keyRequested();
    void practiceRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *makeCard(const QString &title, PlainLabel *text, PillButton *action);

    const ThemeSource &m_theme;
    PlainLabel *m_heading;
    PlainLabel *m_line;
    PlainLabel *m_localText;
    PillButton *m_local;
    QWidget *m_cards;
    QString m_localProvider; //!< Empty: the button looks again.
};

} // namespace ui
