#include "ui/settings/settingspages.h"

namespace ui {

void SettingsPages::add(const QString &section, const QString &title, Make make)
{
    m_unmade.insert(section, {title, std::move(make)});
}

void SettingsPages::showPage(const QString &section)
{
    if (m_unmade.contains(section)) {
        const Unmade unmade = m_unmade.take(section);
        QWidget *page = unmade.make();
        page->setAccessibleName(unmade.title); // it takes the focus, so that keys scroll it
        addWidget(page);
        m_made.insert(section, page);
    }
    if (QWidget *page = m_made.value(section))
        setCurrentWidget(page);
}

} // namespace ui
