#include "ui/chat/welcome.h"

#include "ui/widgets/buttons.h"
#include "ui/widgets/plainlabel.h"

#include <QHBoxLayout>

namespace ui {

Welcome::Welcome(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("welcome"));
    constexpr int TextWidth = 460;
    auto *heading = new PlainLabel(theme, TextRole::Heading,
                                   tr("Ask any model, and know what the answer costs"), this);
    auto *text = new PlainLabel(theme, TextRole::Muted,
                                tr("Choose a model below and write. The practice provider needs no "
                                   "key: it answers from this "
                                   "computer, by rules, and its cost is simulated."),
                                this);
    text->setWordWrap(true);
    text->setFixedWidth(TextWidth);
    text->setAlignment(Qt::AlignHCenter);
    text->setMinimumHeight(text->heightForWidth(TextWidth));
    auto *practice =
        new PillButton(theme, ButtonLook::Outline, tr("Try the practice provider"), this);
    practice->setObjectName(QStringLiteral("tryPractice"));
    connect(practice, &QAbstractButton::clicked, this, &Welcome::practiceRequested);

    auto *column = new QVBoxLayout(this);
    column->setSpacing(3 * Theme::Step);
    column->addStretch(1);
    column->addWidget(heading, 0, Qt::AlignHCenter);
    column->addWidget(text, 0, Qt::AlignHCenter);
    column->addWidget(practice, 0, Qt::AlignHCenter);
    column->addStretch(1);
}

} // namespace ui
