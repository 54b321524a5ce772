#include "ui/transcript/composer.h"

#include "ui/widgets/buttons.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plainlabel.h"

#include <QAbstractTextDocumentLayout>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr int LowWindow = 600;
constexpr int LargestShare = 40; // percent of the window's height
constexpr int WidestModelName = 220;

} // namespace

Composer::Composer(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_notice(new NoticeBar(theme, this))
    , m_box(new QWidget(this))
    , m_edit(new ComposerEdit(m_box))
    , m_files(new FileTiles(theme, m_box))
    , m_attach(new IconButton(theme, QStringLiteral("attach"), tr("Attach files"), m_box))
    , m_model(new PillButton(theme, ButtonLook::Chip, tr("Choose a model"), m_box))
    , m_options(new PillButton(theme, ButtonLook::Chip, tr("Options"), m_box))
    , m_hint(new PlainLabel(theme, TextRole::Small, {}, m_box))
    , m_hintAction(new PillButton(theme, ButtonLook::Link, {}, m_box))
    , m_button(new PillButton(theme, ButtonLook::Primary, {}, m_box))
    , m_sendText(tr("Send"))
    , m_stopText(tr("Stop"))
{
    build();
    connect(m_edit, &ComposerEdit::sendRequested, this, &Composer::send);
    connect(m_edit, &ComposerEdit::editLastRequested, this, &Composer::editLastRequested);
    connect(m_edit, &ComposerEdit::hiddenCharactersPasted, this, [this](int count) {
        showNotice(Tone::Warning,
                   tr("The pasted text holds %n invisible character(s).", "", count));
    });
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        updateButton();
        if (!m_setting) {
            Q_EMIT draftChanged(text());
        }
    });
    connect(m_edit->document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged,
            this, &Composer::fit);
    connect(m_edit, &ComposerEdit::filesGiven, this, &Composer::filesGiven);
    connect(m_edit, &ComposerEdit::imageGiven, this, &Composer::imageGiven);
    connect(m_files, &FileTiles::removeRequested, this, &Composer::fileRemoved);
    connect(m_attach, &IconButton::clicked, this, &Composer::attachRequested);
    connect(m_model, &PillButton::clicked, this, &Composer::modelRequested);
    connect(m_options, &PillButton::clicked, this, &Composer::optionsRequested);
    connect(m_hintAction, &PillButton::clicked, this, &Composer::hintActionRequested);
    connect(m_notice, &NoticeBar::actionChosen, this, &Composer::noticeActionChosen);
    connect(m_button, &PillButton::clicked, this, [this] {
        if (m_running) {
            Q_EMIT stopRequested();
        } else {
            send();
        }
    });
    connect(&theme, &ThemeSource::changed, this, &Composer::dress);
    dress();
    updateButton();
}

void Composer::build()
{
    setFocusProxy(m_edit);
    m_edit->setAccessibleName(tr("Message"));
    m_edit->setPlaceholderText(tr("Ask anything"));
    m_edit->installEventFilter(this);
    m_model->setMenuMark(true);
    m_model->setLargestTextWidth(WidestModelName);
    m_options->setVisible(false);
    m_attach->setVisible(false);
    m_hint->setObjectName(QStringLiteral("composerHint"));
    m_hint->setElide(Qt::ElideRight);
    m_hint->setAlignment(Qt::AlignRight | Qt::AlignVCenter);

    m_hintAction->setObjectName(QStringLiteral("composerHintAction"));
    m_hintAction->setVisible(false);

    auto *chips = new QHBoxLayout;
    chips->setSpacing(8);
    chips->addWidget(m_attach);
    chips->addWidget(m_model);
    chips->addWidget(m_options);
    chips->addWidget(m_hint, 1);
    chips->addWidget(m_hintAction);
    chips->addWidget(m_button);

    auto *inside = new QVBoxLayout(m_box);
    inside->setContentsMargins(14, 12, 12, 10);
    inside->setSpacing(8);
    inside->addWidget(m_files);
    inside->addWidget(m_edit);
    inside->addLayout(chips);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 2);
    column->setSpacing(8);
    column->addWidget(m_notice);
    column->addWidget(m_box);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

QString Composer::text() const
{
    return m_edit->toPlainText();
}

void Composer::setText(const QString &text)
{
    m_setting = true;
    m_edit->setPlainText(text);
    m_edit->moveCursor(QTextCursor::End);
    m_setting = false;
}

void Composer::setPlaceholder(const QString &text)
{
    m_edit->setPlaceholderText(text);
}

void Composer::setSendKey(SendKey key)
{
    m_edit->setSendKey(key);
}

void Composer::sendByKey()
{
    if (!m_edit->isComposing())
        send();
}

void Composer::setModel(const QString &name, const QColor &dot)
{
    m_model->setText(name.isEmpty() ? tr("Choose a model") : name);
    m_model->setDot(name.isEmpty() ? QColor() : dot);
    m_model->setAccessibleName(tr("Model: %1").arg(m_model->text()));
}

void Composer::setModelShown(bool shown)
{
    m_model->setVisible(shown);
}

void Composer::setOptionsCount(int differing)
{
    m_options->setText(differing > 0 ? tr("Options · %1").arg(differing) : tr("Options"));
    m_options->updateGeometry();
}

void Composer::setOptionsShown(bool shown)
{
    m_options->setVisible(shown);
}

void Composer::setAttachShown(bool shown)
{
    m_attach->setVisible(shown);
    m_edit->setTakesFiles(shown);
}

void Composer::setFiles(const QList<FileTile> &files)
{
    m_hasFiles = !files.isEmpty();
    m_files->setTiles(files);
    updateButton();
    fit();
}

void Composer::setHint(const QString &text)
{
    m_hint->setText(text);
}

void Composer::setHintAction(const QString &text, bool enabled)
{
    m_hintAction->setText(text);
    m_hintAction->setEnabled(enabled);
    m_hintAction->setVisible(!text.isEmpty());
    m_hintAction->updateGeometry();
}

void Composer::setRunning(bool running)
{
    m_running = running;
    updateButton();
}

void Composer::setButtonTexts(const QString &send, const QString &stop)
{
    m_sendText = send;
    m_stopText = stop;
    updateButton();
}

void Composer::showNotice(Tone tone, const QString &text, const QStringList &actions)
{
    m_notice->show(tone, text, actions);
}

QString Composer::noticeText() const
{
    return m_notice->isHidden() ? QString() : m_notice->text();
}

void Composer::hideNotice()
{
    m_notice->hide();
}

void Composer::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme &theme = m_theme.theme();
    const QRect box = m_box->geometry();
    QColor shadow(Qt::black);
    shadow.setAlphaF(theme.isDark() ? 0.25F : 0.05F);
    painter.setPen(Qt::NoPen);
    painter.setBrush(shadow);
    painter.drawRoundedRect(box.translated(0, 2), Theme::BubbleRadius, Theme::BubbleRadius);
    paintBox(painter, box, theme, theme.card, theme.controlBorder, Theme::BubbleRadius,
             m_edit->hasFocus());
}

void Composer::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    window()->installEventFilter(this); // installing twice only moves it to the front
    fit();
}

void Composer::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    m_edit->setFocus(event->reason());
}

bool Composer::eventFilter(QObject *watched, QEvent *event)
{
    const bool isFocus = event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut;
    if (watched == m_edit && isFocus) {
        update();
        fit();
    } else if (watched == window() && event->type() == QEvent::Resize) {
        fit();
    }
    return QWidget::eventFilter(watched, event);
}

void Composer::fit()
{
    const int line = m_edit->fontMetrics().lineSpacing();
    const int margins = static_cast<int>(std::ceil(2 * m_edit->document()->documentMargin()));
    const int high = window()->height();
    const bool idle = m_edit->document()->isEmpty();
    const int least = idle && high < LowWindow ? 1 : 2;
    const int around =
        height() > m_edit->height() && isVisible() ? m_box->height() - m_edit->height() : 60;
    const int most = std::max(line, high * LargestShare / 100 - around);
    // The layout of a plain text edit counts its height in lines.
    const int lines =
        static_cast<int>(m_edit->document()->documentLayout()->documentSize().height());
    const int wanted = std::max(lines, least) * line + margins;
    const int highest = std::max(most, line + margins);
    m_edit->setFixedHeight(std::clamp(wanted, line + margins, highest));
    // Heights are rounded at fractional scales: no bar for a missing half pixel.
    m_edit->setVerticalScrollBarPolicy(wanted > highest ? Qt::ScrollBarAsNeeded
                                                        : Qt::ScrollBarAlwaysOff);
}

void Composer::dress()
{
    m_edit->setFont(m_theme.theme().answer);
    fit();
    update();
}

void Composer::updateButton()
{
    m_button->setText(m_running ? m_stopText : m_sendText);
    m_button->setEnabled(m_running || canSend());
    m_button->updateGeometry();
    m_button->update();
}

bool Composer::canSend() const
{
    return m_hasFiles || !text().trimmed().isEmpty();
}

void Composer::send()
{
    if (!m_running && canSend())
        Q_EMIT sendRequested(text());
}

} // namespace ui
