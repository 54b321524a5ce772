#pragma once

#include "core/chat/chatrequest.h"
#include "ui/theme/themesource.h"

#include <QFrame>
#include <QHash>
#include <QRect>

#include <cstdint>

class QCheckBox;
class QLineEdit;
class QPlainTextEdit;

namespace ui {

class PillButton;
class PlainLabel;
class SegmentedControl;

//! How many of \p options differ from the provider's defaults.
[[nodiscard]] int differingOptions(const core::ChatOptions &options);

//! The options of one chat: system prompt, longest answer, temperature, top P, stop sequences (one
//! a line), reasoning, a JSON schema for the answer, cache. What is left empty is the provider's
//! default. Told when the popup closes, if anything changed; what is not a number in range or no
//! schema is said and not taken, and such a schema stands there again when its chat's options are
//! opened next. UI thread.
class OptionsPopup final : public QFrame
{
    Q_OBJECT
public:
    explicit OptionsPopup(const ThemeSource &theme, QWidget *parent = nullptr);

    //! \p owner: id of what the options are for.
    void open(const core::ChatOptions &options, const QWidget *anchor, std::int64_t owner = 0);

Q_SIGNALS:
    void changed(const core::ChatOptions &options);

protected:
    void paintEvent(QPaintEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void build();
    void layOut();
    void show(const core::ChatOptions &options);
    [[nodiscard]] core::ChatOptions read() const; //!< Faulty fields as in the base.
    void check();
    [[nodiscard]] int wantedHeight() const;
    void fit(int room);
    void place();

    const ThemeSource &m_theme;
    core::ChatOptions m_told; //!< What the chat has.
    core::ChatOptions m_base; //!< Source of what has no field here, and of faulty fields.
    QPlainTextEdit *m_system;
    QLineEdit *m_maxOutput;
    QLineEdit *m_temperature;
    QLineEdit *m_topP;
    QPlainTextEdit *m_stop;
    QPlainTextEdit *m_schema;
    QLineEdit *m_cap;
    SegmentedControl *m_reasoning;
    QCheckBox *m_reuse;
    PlainLabel *m_fault;
    PillButton *m_reset;
    std::int64_t m_owner = 0;
    QRect m_anchor; //!< What it was opened at, and below its screen: both global.
    QRect m_screen;
    bool m_isAbove = true;                        //!< The anchor.
    QHash<std::int64_t, QString> m_faultySchemas; //!< By owner: typed, and not taken.
};

} // namespace ui
