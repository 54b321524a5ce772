#pragma once

#include "ui/widgets/statuspill.h"

#include <QAbstractButton>

namespace ui {

//! What an AttemptRow says. Names are foreign and shown as plain text.
struct AttemptRowTexts
{
    int number = 1;
    QString model, provider;
    Tone tone = Tone::Neutral;
    QString badge; //!< "429 rate limited"
    QString line;  //!< "waited 1.2 s · $0, not charged"
    bool operator==(const AttemptRowTexts &) const = default;
};

//! One attempt in the Details panel, two lines; pressed it shows that attempt's cost. Checked: its
//! cost is the one shown.
class AttemptRow final : public QAbstractButton
{
    Q_OBJECT
public:
    explicit AttemptRow(const ThemeSource &theme, QWidget *parent = nullptr);

    void setTexts(const AttemptRowTexts &texts);
    [[nodiscard]] const AttemptRowTexts &texts() const { return m_texts; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] bool isStacked() const; //!< The line needs a row of its own.
    [[nodiscard]] int lineHeight() const;

    const ThemeSource &m_theme;
    AttemptRowTexts m_texts;
};

} // namespace ui
