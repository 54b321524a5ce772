#pragma once

#include "core/base/result.h"
#include "core/chat/taskchoice.h"
#include "core/client/toldlimits.h"
#include "core/ledger/attemptrecord.h"
#include "ui/conversation/conversationfeed.h"

#include <QFuture>
#include <QWidget>

#include <functional>

class QProgressBar;
class QVBoxLayout;

namespace ui {

class AttemptRow;
class AttemptTimeline;
class FigureTable;
class LimitsView;
class PillButton;
class PlainLabel;

//! Where the panel gets what a conversation does not know. Each may be empty.
struct DetailSources
{
    //! Of a stored request, oldest first.
    std::function<QFuture<core::Result<QList<core::AttemptRecord>>>(std::int64_t requestId)>
        attempts;
    //! Context window of a target, in tokens.
    std::function<std::optional<std::int64_t>(const core::Target &)> contextLimit;
    //! What the service of a target last said of its limits.
    std::function<std::optional<core::LimitFacts>(const core::Target &)> limits;
    //! The day on which the prices of an attempt were last checked; none: not known any more.
    std::function<std::optional<core::UtcTime>(const core::AttemptRecord &)> pricesOf;
    //! Whether the service keeps prompts only where they are marked: then it was our mark.
    std::function<bool(const core::Target &)> takesCacheMarks;
};

//! One answer as the panel shows it.
struct AnswerDetails
{
    QString title; //!< "Details of the first answer". Empty: there is no answer.
    QList<core::AttemptRecord> attempts; //!< Oldest first; the running one last, outcome Open.
    core::UtcTime sentAt{};
    std::chrono::milliseconds total{0}; //!< From Send to now, or to the end.
    std::int64_t requestId = 0;
    std::optional<core::TaskChoice> choice; //!< Of a route by task.
    bool operator==(const AnswerDetails &) const = default;
};

//! The panel at the right of a chat: an answer's attempts and their timeline, what one of them cost
//! and why, and how full the context window is. Draws what it is given. UI thread.
class DetailsPanel final : public QWidget
{
    Q_OBJECT
public:
    DetailsPanel(const ThemeSource &theme, ConversationFeed::Names names, DetailSources sources,
                 QWidget *parent = nullptr);

    void showDetails(const AnswerDetails &details);
    [[nodiscard]] const AnswerDetails &details() const { return m_details; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void build();
    void dress(); //!< For the text size in force.
    void buildContext();
    void addHead(QWidget *head, QWidget *beside = nullptr);
    void addPart(QWidget *part);
    void fillRows();
    void fillTimeline();
    void fillCost();
    void fillLimits(const core::Target &target);
    void fillContext();
    void showCostOf(int attempt);
    [[nodiscard]] QString notesOf(const core::AttemptRecord &attempt) const;

    const ThemeSource &m_theme;
    ConversationFeed::Names m_names;
    DetailSources m_sources;
    AnswerDetails m_details;
    int m_chosen = -1;                           //!< The attempt whose cost is shown; -1: the last.
    std::optional<core::AttemptRecord> m_priced; //!< That attempt, as the table shows it.

    QVBoxLayout *m_column = nullptr;
    PlainLabel *m_title;
    PlainLabel *m_empty;
    QWidget *m_body;
    PlainLabel *m_choice; //!< "Auto chose X: code, about 2.1k tokens".
    QWidget *m_rowsBox;
    QList<AttemptRow *> m_rows;
    AttemptTimeline *m_timeline;
    FigureTable *m_phases;
    PillButton *m_asTable;
    PlainLabel *m_costHead;
    FigureTable *m_cost;
    PlainLabel *m_notes;
    LimitsView *m_limits;
    QWidget *m_contextBox;
    PlainLabel *m_contextUsed;
    PlainLabel *m_contextShare;
    QProgressBar *m_contextBar;
};

} // namespace ui
