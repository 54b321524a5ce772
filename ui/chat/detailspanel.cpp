#include "ui/chat/detailspanel.h"

#include "core/client/routetext.h"
#include "ui/chat/attemptrow.h"
#include "ui/chat/limitsview.h"
#include "ui/conversation/attempttexts.h"
#include "ui/conversation/attempttimeline.h"
#include "ui/conversation/figuretable.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/figures.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/plainlabel.h"

#include <QDateTime>
#include <QLocale>
#include <QPainter>
#include <QProgressBar>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr int Margin = 2 * Theme::Step; //!< Beside the rows, whose text has as much again.
constexpr int Inset = 2 * Theme::Step;
constexpr int SectionGap = 4 * Theme::Step;

//! What the context window held when \p attempt ended: all that was read and written.
std::optional<std::int64_t> contextUse(const core::AttemptRecord &attempt)
{
    const std::optional<std::int64_t> read = attempt.usage.contextTokens
                                                 ? attempt.usage.contextTokens
                                                 : attempt.usage.count(core::UsageKind::Input);
    if (!read)
        return std::nullopt;
    return *read + attempt.usage.count(core::UsageKind::Output).value_or(0);
}

QString dayText(core::UtcTime at)
{
    const QDate day = QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(), Qt::UTC).date();
    return QLocale(QLocale::English).toString(day, QStringLiteral("d MMM yyyy"));
}

//! How much of \p limit is \p used, in percent.
QString shareText(std::int64_t used, std::int64_t limit)
{
    constexpr double Least = 0.1;
    const double percent = 100.0 * static_cast<double>(used) / static_cast<double>(limit);
    if (used > 0 && percent < Least)
        return DetailsPanel::tr("<%1%").arg(Least);
    return DetailsPanel::tr("%1%").arg(QString::number(std::min(percent, 100.0), 'f', 1));
}

} // namespace

DetailsPanel::DetailsPanel(const ThemeSource &theme, ConversationFeed::Names names,
                           DetailSources sources, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_names(std::move(names))
    , m_sources(std::move(sources))
    , m_title(new PlainLabel(theme, TextRole::Small, {}, this))
    , m_empty(new PlainLabel(theme, TextRole::Muted,
                             tr("Attempts, times and costs of an answer stand here."), this))
    , m_body(new QWidget(this))
    , m_choice(new PlainLabel(theme, TextRole::Small, {}, m_body))
    , m_rowsBox(new QWidget(m_body))
    , m_timeline(new AttemptTimeline(theme, m_body))
    , m_phases(new FigureTable(theme, tr("Phases of the attempts"), m_body))
    , m_asTable(new PillButton(theme, ButtonLook::Link, tr("As a table"), m_body))
    , m_costHead(new PlainLabel(theme, TextRole::Section, {}, m_body))
    , m_cost(new FigureTable(theme, tr("Cost lines"), m_body))
    , m_notes(new PlainLabel(theme, TextRole::Small, {}, m_body))
    , m_limits(new LimitsView(theme, m_body))
    , m_contextBox(new QWidget(m_body))
    , m_contextUsed(new PlainLabel(theme, TextRole::Small, {}, m_contextBox))
    , m_contextShare(new PlainLabel(theme, TextRole::Strong, {}, m_contextBox))
    , m_contextBar(new QProgressBar(m_contextBox))
{
    setObjectName(QStringLiteral("detailsPanel"));
    setAccessibleName(tr("Details"));
    m_title->setObjectName(QStringLiteral("detailsTitle"));
    m_timeline->setObjectName(QStringLiteral("attemptTimeline"));
    m_phases->setObjectName(QStringLiteral("phaseTable"));
    m_asTable->setObjectName(QStringLiteral("timelineAsTable"));
    m_costHead->setObjectName(QStringLiteral("costHead"));
    m_cost->setObjectName(QStringLiteral("costTable"));
    m_notes->setObjectName(QStringLiteral("costNotes"));
    m_choice->setObjectName(QStringLiteral("taskChoice"));
    m_choice->setWordWrap(true);
    m_limits->setObjectName(QStringLiteral("providerLimits"));
    m_contextUsed->setObjectName(QStringLiteral("contextUsed"));
    m_contextShare->setObjectName(QStringLiteral("contextShare"));
    build();
    connect(m_asTable, &QAbstractButton::toggled, this, [this](bool table) {
        m_phases->setVisible(table);
        m_timeline->setVisible(!table);
        m_asTable->setText(table ? tr("As bars") : tr("As a table"));
        fillTimeline();
    });
    connect(&theme, &ThemeSource::changed, this, &DetailsPanel::dress);
    showDetails({});
}

void DetailsPanel::dress()
{
    constexpr int Width = 300;
    setFixedWidth(m_theme.widthForText(Width));
    update();
}

void DetailsPanel::build()
{
    dress();
    auto *scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("detailsScroll"));
    scroll->setAccessibleName(tr("Details"));
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *fill = new QHBoxLayout(this);
    fill->setContentsMargins(0, 0, 0, 0);
    fill->setSpacing(0);
    fill->addWidget(new Hairline(m_theme, Qt::Vertical, this));
    fill->addWidget(scroll, 1);

    auto *inside = new QWidget(scroll);
    scroll->setWidget(inside);
    auto *column = new QVBoxLayout(inside);
    column->setContentsMargins(Margin, 4 * Theme::Step - 2, Margin, 4 * Theme::Step);
    column->setSpacing(0);
    m_title->setContentsMargins(Inset, 0, Inset, 0);
    column->addWidget(m_title);
    column->addSpacing(SectionGap);
    m_empty->setWordWrap(true);
    m_empty->setContentsMargins(Inset, 0, Inset, 0);
    column->addWidget(m_empty);
    column->addWidget(m_body);
    column->addStretch(1);
    m_column = new QVBoxLayout(m_body);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);

    auto *rows = new QVBoxLayout(m_rowsBox);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(1);
    m_asTable->setCheckable(true);
    m_phases->hide();
    addHead(new PlainLabel(m_theme, TextRole::Section, tr("ATTEMPTS"), m_body), m_asTable);
    m_choice->setContentsMargins(Inset, 0, Inset, Theme::Step);
    m_column->addWidget(m_choice);
    m_column->addWidget(m_rowsBox);
    m_column->addSpacing(2 * Theme::Step);
    addPart(m_timeline);
    addPart(m_phases);
    m_column->addSpacing(SectionGap);
    m_notes->setWordWrap(true);
    m_notes->setTextInteractionFlags(Qt::TextSelectableByMouse);
    addHead(m_costHead);
    addPart(m_cost);
    addPart(m_notes);
    m_column->addSpacing(SectionGap);
    m_column->addWidget(m_limits);
    m_column->addWidget(m_contextBox);
    buildContext();
}

void DetailsPanel::buildContext()
{
    auto *context = new QVBoxLayout(m_contextBox);
    context->setContentsMargins(Inset, 0, Inset, 0);
    context->setSpacing(Theme::Step);
    context->addWidget(
        new PlainLabel(m_theme, TextRole::Section, tr("CONTEXT WINDOW"), m_contextBox));
    auto *figures = new QHBoxLayout;
    figures->addWidget(m_contextUsed, 1);
    figures->addWidget(m_contextShare);
    context->addLayout(figures);
    m_contextBar->setTextVisible(false);
    m_contextBar->setRange(0, 1000);
    m_contextBar->setAccessibleName(tr("Context window in use"));
    context->addWidget(m_contextBar);
}

void DetailsPanel::addHead(QWidget *head, QWidget *beside)
{
    auto *row = new QHBoxLayout;
    constexpr int LinkInset = 6; // of a link button's text, which ends where the rows do
    row->setContentsMargins(Inset, 0, beside ? Inset - LinkInset : Inset, Theme::Step);
    row->addWidget(head, 1);
    if (beside)
        row->addWidget(beside);
    m_column->addLayout(row);
}

void DetailsPanel::addPart(QWidget *part)
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(Inset, 0, Inset, 0);
    row->addWidget(part);
    m_column->addLayout(row);
    m_column->addSpacing(Theme::Step);
}

void DetailsPanel::showDetails(const AnswerDetails &details)
{
    if (details.requestId != m_details.requestId)
        m_chosen = -1;
    m_details = details;
    const bool empty = details.title.isEmpty();
    m_title->setText(empty ? tr("Details") : details.title);
    m_empty->setVisible(empty);
    m_body->setVisible(!empty);
    if (empty)
        return;
    fillRows();
    fillTimeline();
    fillCost();
    fillContext();
}

void DetailsPanel::fillRows()
{
    const auto &choice = m_details.choice;
    m_choice->setText(choice ? core::choiceText(*choice, m_names.model(choice->target),
                                                shortCountText(choice->tokens))
                             : QString());
    m_choice->setVisible(choice.has_value());
    while (m_rows.size() > m_details.attempts.size())
        delete m_rows.takeLast();
    while (m_rows.size() < m_details.attempts.size()) {
        auto *row = new AttemptRow(m_theme, m_rowsBox);
        const int index = static_cast<int>(m_rows.size());
        row->setObjectName(QStringLiteral("attempt%1").arg(index + 1));
        connect(row, &QAbstractButton::clicked, this, [this, index] { showCostOf(index); });
        m_rowsBox->layout()->addWidget(row);
        m_rows.append(row);
    }
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        const core::AttemptRecord &attempt = m_details.attempts.at(i);
        const bool isLast = i + 1 == m_rows.size();
        const AttemptBadge badge = attemptBadge(attempt);
        AttemptRowTexts texts;
        texts.number = attempt.number;
        texts.model = m_names.model(attempt.target);
        texts.provider = m_names.provider(attempt.target.provider);
        texts.tone = badge.tone;
        texts.badge = badge.text;
        texts.line = attemptLine(attempt, isLast ? std::chrono::milliseconds(0)
                                                 : m_details.attempts.at(i + 1).waited);
        m_rows.at(i)->setTexts(texts);
    }
}

void DetailsPanel::fillTimeline()
{
    const Timeline timeline = timelineOf(m_details.attempts, m_details.sentAt, m_details.total);
    m_timeline->setTimeline(timeline);
    if (!m_asTable->isChecked())
        return;
    QList<QStringList> rows;
    for (const AttemptSpans &attempt : timeline.attempts) {
        for (const PhaseSpan &span : attempt.spans)
            rows.append(
                {QStringLiteral("%1 \u00B7 %2").arg(attempt.number).arg(phaseName(span.phase)),
                 durationText(span.from), durationText(span.to - span.from)});
    }
    rows.append({tr("Total"), durationText(timeline.total)});
    m_phases->setTable({tr("phase"), tr("from"), tr("lasted")}, rows, FigureTable::LastRow::Total);
}

void DetailsPanel::showCostOf(int attempt)
{
    m_chosen = attempt;
    fillCost();
}

void DetailsPanel::fillCost()
{
    const int last = static_cast<int>(m_details.attempts.size()) - 1;
    const int shown = m_chosen >= 0 && m_chosen <= last ? m_chosen : last;
    for (int i = 0; i <= last; ++i)
        m_rows.at(i)->setChecked(i == shown && last > 0);
    m_costHead->setVisible(shown >= 0);
    if (shown <
        0) { // it waits for its turn: nothing was asked yet, and no other answer's cost is its own
        m_priced.reset();
        m_cost->hide();
        m_notes->hide();
        return m_limits->setSource({});
    }
    const core::AttemptRecord &attempt = m_details.attempts.at(shown);
    fillLimits(attempt.target);
    m_costHead->setText(tr("COST OF ATTEMPT %1").arg(attempt.number));
    const bool open = attempt.outcome == core::AttemptOutcome::Open;
    if (m_priced && m_priced->id == attempt.id && m_priced->outcome == attempt.outcome &&
        m_priced->cost == attempt.cost)
        return; // nothing new: the reader's selection stays
    m_priced = attempt;
    QList<QStringList> rows;
    for (const core::CostLine &line : attempt.cost.lines) {
        const CostLineTexts texts = costLineTexts(line);
        rows.append({texts.kind, texts.quantity, texts.rate, texts.amount});
    }
    if (!open)
        rows.append({tr("Total"), totalText(attempt)});
    m_cost->setVisible(!open);
    if (rows.size() == 1) // one figure needs no heads
        m_cost->setTable({QString(), QString()}, {{tr("Total"), totalText(attempt)}},
                         FigureTable::LastRow::Total);
    else
        m_cost->setTable({QString(), tr("tokens"), tr("$/M"), tr("cost")}, rows,
                         FigureTable::LastRow::Total);
    m_notes->setText(open ? tr("Counted when the attempt has ended.") : notesOf(attempt));
    m_notes->setVisible(!m_notes->text().isEmpty());
}

void DetailsPanel::fillLimits(const core::Target &target)
{
    if (m_sources.limits)
        m_limits->setSource([of = m_sources.limits, target] { return of(target); });
}

QString DetailsPanel::notesOf(const core::AttemptRecord &attempt) const
{
    QStringList notes;
    if (const QString saved = savedText(attempt); !saved.isEmpty())
        notes += saved;
    const bool usedCache = attempt.usage.count(core::UsageKind::CacheWrite).value_or(0) > 0 ||
                           attempt.usage.count(core::UsageKind::CacheRead).value_or(0) > 0;
    if (usedCache && m_sources.takesCacheMarks && m_sources.takesCacheMarks(attempt.target))
        notes += tr("Farthing marked the prompt for the service's cache: written once at a higher "
                    "price, read again at a lower one.");
    notes += costReasons(attempt);
    if (attempt.target.simulated)
        notes += tr("Simulated: nobody is charged, and it enters no total.");
    const bool isOwnPrice = attempt.cost.flags.contains(QStringLiteral("user")); // said above
    if (!attempt.cost.rateCard.isEmpty() && !isOwnPrice) {
        const auto day = m_sources.pricesOf ? m_sources.pricesOf(attempt) : std::nullopt;
        notes += day ? tr("Why these prices? Catalogue of %1.").arg(dayText(*day))
                     : tr("Why these prices? An earlier catalogue; what was charged stays.");
    }
    return notes.join(QLatin1Char(' '));
}

void DetailsPanel::fillContext()
{
    std::optional<std::int64_t> used;
    std::optional<std::int64_t> limit;
    if (!m_details.attempts.isEmpty()) {
        const core::AttemptRecord &last = m_details.attempts.last();
        used = contextUse(last);
        if (m_sources.contextLimit)
            limit = m_sources.contextLimit(last.target);
    }
    m_contextBox->setVisible(used.has_value());
    if (!used)
        return;
    const bool known = limit && *limit > 0;
    m_contextUsed->setText(
        known ? tr("%1 of %2 tokens").arg(shortCountText(*used), shortCountText(*limit))
              : tr("%1 tokens, limit unknown").arg(shortCountText(*used)));
    m_contextShare->setVisible(known);
    m_contextBar->setVisible(known);
    if (!known)
        return;
    m_contextShare->setText(shareText(*used, *limit));
    m_contextBar->setValue(
        static_cast<int>(std::clamp<std::int64_t>(*used * 1000 / *limit, 0, 1000)));
}

void DetailsPanel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.theme().window); // it may lie above the messages
}

} // namespace ui
