#include "ui/widgets/notice.h"

#include "ui/widgets/buttons.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plainlabel.h"

#include <QBoxLayout>
#include <QMessageBox>
#include <QPainter>

namespace ui {

NoticeBar::NoticeBar(const ThemeSource &theme, QWidget *parent, Shape shape)
    : QWidget(parent)
    , m_theme(theme)
    , m_text(new PlainLabel(theme, TextRole::Body, {}, this))
    , m_row(new QBoxLayout(shape == Shape::Line ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom,
                           this))
{
    m_text->setWordWrap(true);
    m_row->setContentsMargins(12, 6, 8, 6);
    m_row->setSpacing(8);
    m_row->addWidget(m_text, 1);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    connect(&theme, &ThemeSource::changed, this, [this] { update(); });
    hide();
}

void NoticeBar::show(Tone tone, const QString &text, const QStringList &actions)
{
    m_tone = tone;
    m_text->setText(text);
    setAccessibleName(text);
    for (PillButton *action : std::as_const(m_actions)) {
        action->hide();
        action->deleteLater(); // one of them may be what called us
    }
    m_actions.clear();
    for (const QString &action : actions) {
        auto *button = new PillButton(m_theme, ButtonLook::Outline, action, this);
        const int index = static_cast<int>(m_actions.size());
        connect(button, &PillButton::clicked, this, [this, index] { Q_EMIT actionChosen(index); });
        const int last = m_row->count() - (m_close ? 1 : 0);
        m_row->insertWidget(last, button, 0,
                            m_row->direction() == QBoxLayout::TopToBottom ? Qt::AlignLeading
                                                                          : Qt::Alignment());
        button->show(); // a bar that is shown already would do it later
        m_actions.append(button);
    }
    setVisible(true);
    update();
}

void NoticeBar::setClosable()
{
    m_close = new IconButton(m_theme, QStringLiteral("close"), tr("Close this notice"), this);
    m_close->setObjectName(QStringLiteral("closeNotice"));
    m_row->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_close, &QAbstractButton::clicked, this, &QWidget::hide);
}

QString NoticeBar::text() const
{
    return m_text->text();
}

void NoticeBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = m_theme.theme();
    const ToneColors colors = toneColors(theme, m_tone);
    paintBox(painter, contentsRect(), theme, colors.ground,
             m_tone == Tone::Neutral ? theme.hairline : colors.text, Theme::ControlRadius, false);
}

QMessageBox *makeNotice(QWidget *parent, const QString &title, const QString &text,
                        const QString &detail)
{
    auto *box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setWindowTitle(title);
    box->setText(text);
    // The informative text has a label of its own that guesses, whatever textFormat says.
    box->setInformativeText(detail);
    for (QLabel *label : box->findChildren<QLabel *>()) {
        label->setTextFormat(Qt::PlainText);
    }
    return box;
}

} // namespace ui
