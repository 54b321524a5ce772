#include "ui/chat/welcome.h"

#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/plainlabel.h"
#include "ui/widgets/visibility.h"

#include <QBoxLayout>

namespace ui {

namespace {

constexpr int CardWidth = 236;
constexpr int CardsGap = 4 * Theme::Step;
constexpr int ThreeCards = 3 * CardWidth + 2 * CardsGap; // 740: as wide as the composer below

} // namespace

Welcome::Welcome(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_heading(new PlainLabel(theme, TextRole::Heading,
                               tr("Ask any model, and know what the answer costs"), this))
    , m_line(new PlainLabel(theme, TextRole::Muted, tr("Choose a model below and write."), this))
    , m_localText(new PlainLabel(theme, TextRole::Muted, {}, this))
    , m_local(new PillButton(theme, ButtonLook::Outline, {}, this))
    , m_cards(new QWidget(this))
{
    setObjectName(QStringLiteral("welcome"));
    m_local->setObjectName(QStringLiteral("useLocalServer"));
    auto *key = new PillButton(theme, ButtonLook::Outline, tr("Add a key"), this);
    key->setObjectName(QStringLiteral("addKey"));
    auto *practice = new PillButton(theme, ButtonLook::Outline, tr("Try it now"), this);
    practice->setObjectName(QStringLiteral("tryPractice"));
    auto *keyText =
        new PlainLabel(theme, TextRole::Muted,
                       tr("OpenAI, Anthropic, Gemini and others. The key stays in the system "
                          "keychain."),
                       this);
    auto *practiceText = new PlainLabel(theme, TextRole::Muted,
                                        tr("Needs no key. Answers by rules from this computer; "
                                           "its cost is simulated."),
                                        this);

    auto *cards = new QBoxLayout(QBoxLayout::LeftToRight, m_cards);
    cards->setContentsMargins(0, 0, 0, 0);
    cards->setSpacing(CardsGap);
    cards->addWidget(makeCard(tr("Use a local server"), m_localText, m_local));
    cards->addWidget(makeCard(tr("Use your own key"), keyText, key));
    cards->addWidget(makeCard(tr("Practice provider"), practiceText, practice));

    auto *column = new QVBoxLayout(this);
    column->setSpacing(4 * Theme::Step);
    column->addStretch(1);
    column->addWidget(m_heading, 0, Qt::AlignHCenter);
    column->addWidget(m_line, 0, Qt::AlignHCenter);
    column->addWidget(m_cards, 0, Qt::AlignHCenter);
    column->addStretch(1);

    connect(m_local, &QAbstractButton::clicked, this, [this] {
        if (m_localProvider.isEmpty())
            Q_EMIT lookAgainRequested();
        else
            Q_EMIT localServerChosen(m_localProvider);
    });
    connect(key, &QAbstractButton::clicked, this, &Welcome::keyRequested);
    connect(practice, &QAbstractButton::clicked, this, &Welcome::practiceRequested);
    setLocalServers({});
    setFirstRun(false);
}

QWidget *Welcome::makeCard(const QString &title, PlainLabel *text, PillButton *action)
{
    constexpr int Inset = 4 * Theme::Step;
    constexpr int TextLines = 3;
    auto *card = new Card(m_theme, m_cards);
    card->setFixedWidth(CardWidth);
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignTop | Qt::AlignLeading);
    text->setMinimumHeight(TextLines * QFontMetrics(m_theme.theme().chrome).lineSpacing());
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(Inset, Inset, Inset, Inset);
    column->setSpacing(2 * Theme::Step);
    column->addWidget(new PlainLabel(m_theme, TextRole::Strong, title, card));
    column->addWidget(text, 1);
    column->addWidget(action, 0, Qt::AlignLeading);
    return card;
}

void Welcome::setFirstRun(bool firstRun)
{
    setShown(*m_cards, firstRun);
    setShown(*m_line, !firstRun);
}

void Welcome::setLooking()
{
    m_localProvider.clear();
    m_localText->setText(tr("Looking for Ollama, LM Studio and llama.cpp on this computer…"));
    m_local->setText(tr("Look again"));
    m_local->setEnabled(false);
}

void Welcome::setLocalServers(const QList<LocalServer> &servers)
{
    m_local->setEnabled(true);
    if (servers.isEmpty()) {
        m_localProvider.clear();
        m_localText->setText(tr("None answers. Start Ollama, LM Studio or llama.cpp, then look "
                                "again."));
        m_local->setText(tr("Look again"));
        return;
    }
    const LocalServer &first = servers.first();
    m_localProvider = first.provider;
    m_localText->setText(tr("%1 answers at %2 with %n model(s). Nothing leaves this computer.",
                            nullptr, first.models)
                             .arg(first.name, first.address));
    m_local->setText(tr("Use %1").arg(first.name));
}

void Welcome::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    auto *cards = qobject_cast<QBoxLayout *>(m_cards->layout());
    const auto direction =
        width() < ThreeCards + 8 * Theme::Step ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight;
    if (cards->direction() != direction)
        cards->setDirection(direction);
}

} // namespace ui
