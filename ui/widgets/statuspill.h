#pragma once

#include "ui/theme/themesource.h"

#include <QWidget>

namespace ui {

enum class Tone { Neutral, Accent, Good, Warning, Error };

struct ToneColors
{
    QColor text, ground;
};
[[nodiscard]] ToneColors toneColors(const Theme &theme, Tone tone);

//! A small word on a tint: "answered", "429 rate limited", "Healthy".
class StatusPill final : public QWidget
{
    Q_OBJECT
public:
    StatusPill(const ThemeSource &theme, Tone tone, const QString &text, QWidget *parent = nullptr);

    void setStatus(Tone tone, const QString &text);
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] Tone tone() const { return m_tone; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const ThemeSource &m_theme;
    Tone m_tone;
    QString m_text;
};

} // namespace ui
