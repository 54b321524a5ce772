#pragma once

#include "core/base/clock.h"
#include "core/client/pricerefresh.h"
#include "core/settings/settings.h"
#include "ui/theme/themesource.h"

#include <QWidget>

class QCheckBox;
class QPlainTextEdit;
class QVBoxLayout;

namespace ui {

class PillButton;
class PlainLabel;
class SettingField;

//! What the page of prices works on. Each must outlive it.
struct PriceParts
{
    core::PriceBook &prices;
    core::PriceRefresh &refresh;
    core::Settings &settings;
    const core::Clock &clock;
};

//! Which catalogue is in use, how old it is, and how another is taken: from a file or an address,
//! shown as what it changes before it is used; or one that was in use before. What was held back
//! is offered again until it is used or left. UI thread.
class PriceSourceCard final : public QWidget
{
    Q_OBJECT
public:
    PriceSourceCard(const ThemeSource &theme, const PriceParts &parts, QWidget *parent = nullptr);

    void refresh(); //!< The age goes on.

private:
    void build();
    void buildOffer();
    void chooseFile();
    void askAddress();
    void await(const QFuture<core::Result<core::PriceOffer>> &offer);
    void await(const QFuture<core::Result<core::Done>> &change, const QString &sentence);
    void show(const core::PriceOffer &offer);
    void showChanges(const core::PriceDiff &diff);
    void showAllChanges();
    void showHeld();
    void showHeldAgain();
    [[nodiscard]] QString takenText(const core::PriceOffer &offer) const;
    void leave();
    void dropOffer();
    void showVersions();
    void addVersion(const core::PriceVersion &version);
    void tell(const core::Error &error);
    void setBusy(bool busy);

    const ThemeSource &m_theme;
    PriceParts m_parts;
    std::optional<core::PriceOffer> m_offer;
    bool m_isBusy = false;
    QString m_heldShown; //!< Id of the catalogue in quarantine that was offered.
    PlainLabel *m_inUse;
    PlainLabel *m_age;
    PillButton *m_file;
    PillButton *m_ask;
    SettingField *m_address;
    PlainLabel *m_result;
    QWidget *m_offerBox;
    PlainLabel *m_offerHead;
    PlainLabel *m_doubts;
    PlainLabel *m_changes;
    PillButton *m_all;
    QPlainTextEdit *m_allChanges;
    QCheckBox *m_seen; //!< Of a catalogue in quarantine: its doubts were looked at.
    PillButton *m_use;
    PillButton *m_drop;
    QWidget *m_versions = nullptr;
    QVBoxLayout *m_column;
};

} // namespace ui
