#pragma once

#include <QHash>
#include <QStackedWidget>

#include <functional>

namespace ui {

//! The pages of Settings, each made when it is first shown: all of them at once would hold the
//! window for a third of a second. UI thread.
class SettingsPages final : public QStackedWidget
{
    Q_OBJECT
public:
    using Make = std::function<QWidget *()>; //!< Gives the page away.

    using QStackedWidget::QStackedWidget;

    void add(const QString &section, const QString &title, Make make);
    void showPage(const QString &section); //!< Unknown sections change nothing.

private:
    struct Unmade
    {
        QString title;
        Make make;
    };

    QHash<QString, Unmade> m_unmade;  //!< By section.
    QHash<QString, QWidget *> m_made; //!< By section.
};

} // namespace ui
