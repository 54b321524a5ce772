#pragma once

#include "core/client/toldlimits.h"
#include "ui/theme/themesource.h"

#include <QTimer>
#include <QWidget>

#include <functional>

class QProgressBar;

namespace ui {

class PlainLabel;

//! What a service says of its limits: requests and tokens left, and when they reset. What it does
//! not say is left out; without a word of what is left the whole is hidden. Counts down while it is
//! shown. UI thread.
class LimitsView final : public QWidget
{
    Q_OBJECT
public:
    using Source = std::function<std::optional<core::LimitFacts>()>;

    explicit LimitsView(const ThemeSource &theme, QWidget *parent = nullptr);

    void setSource(Source source); //!< Empty: nothing is known.
    void refresh();

private:
    struct Row
    {
        QWidget *box;
        PlainLabel *value;
        QProgressBar *bar;
    };
    [[nodiscard]] Row makeRow(const QString &name);
    static void fill(const Row &row, const core::RateLimit &limit);

    const ThemeSource &m_theme;
    Source m_source;
    QTimer m_tick;
    Row m_requests;
    Row m_tokens;
    PlainLabel *m_reset;
};

//! "Resets in 12 s", "Requests reset in 3 s, tokens in 12 s"; where no reset was told, when it was
//! said: "As told 5 min ago". Empty: nothing to say.
[[nodiscard]] QString resetText(const core::LimitFacts &facts);

} // namespace ui
