#pragma once

#include "ui/compare/lanecard.h"
#include "ui/conversation/sendforecast.h"

#include <QTimer>

class QHBoxLayout;
class QScrollArea;

namespace core {
struct OutgoingPrompt;
class TokenCounter;
} // namespace core

namespace ui {

class BudgetQuestion;
class Composer;
class ExactCount;
class LaneRoom;
class PromptCheck;
enum class SendKey;

//! The Compare place: lanes side by side over one composer. Shows one comparison at a time; the
//! others go on without it. UI thread.
class CompareScreen final : public QWidget
{
    Q_OBJECT
public:
    CompareScreen(const ThemeSource &theme, ConversationFeed::Names names,
                  QWidget *parent = nullptr);

    void show(core::Comparison *comparison); //!< nullptr: nothing is open.
    [[nodiscard]] core::Comparison *comparison() const { return m_comparison; }
    //! Brings a lane's message into sight, as LaneCard has it; of no lane: all stays.
    void showMessage(std::int64_t messageId);
    [[nodiscard]] QWidget *
    modelAnchor(int lane) const; //!< Where the picker opens; -1: the Add lane button.
    void setBlockedPatterns(const QStringList &patterns);
    //! The lane asks \p route from now on, also for the answer \p answerId if that still waits.
    void askInstead(int lane, std::int64_t answerId, const core::Route &route);
    void focusComposer();
    void setSendKey(SendKey key);
    void sendToAll(); //!< What is in the composer, by a key of the window.
    bool stopAll();   //!< False if none ran.
    //! Who says what the next round may take; until then the composer does not.
    void setForecastSource(SendForecast::Answer answer);
    //! Who asks services for their own counts, when the person does; until then nobody offers it.
    void setTokenCounter(core::TokenCounter *counter);
    void setAnnouncements(Announcements which); //!< Of each lane.
    //! Who knows how much a model takes, in tokens.
    void setContextLimit(std::function<std::optional<std::int64_t>(const core::Target &)> limit);

Q_SIGNALS:
    void modelRequested(int lane);         //!< -1: for a new lane.
    void budgetRequested(std::int64_t id); //!< To be changed.
    //! A lane was taken out; core::Comparison::restoreLane() takes that back. \p model: its name.
    void laneClosed(std::int64_t conversationId, const QString &model);
    void keySettingsRequested(const QString &provider);
    //! Another model than the one that the answer waits for; askInstead() answers.
    void insteadRequested(int lane, std::int64_t answerId);
    //! As ConversationFeed's, of the lane with that conversation.
    void reminderRequested(std::int64_t conversationId, std::int64_t answerId, core::UtcTime at);

private:
    [[nodiscard]] QWidget *makeHeader();
    [[nodiscard]] LaneCard *makeLane();
    [[nodiscard]] int placeOf(const LaneCard *card) const;
    void rebuildLanes();
    void takeLanes();
    void bringIntoSight(LaneCard *card);
    [[nodiscard]] bool hasAllModels() const;
    void refreshSoon(int lane);
    void refresh();
    void refreshRound();
    void showRoundCost(bool isRunning);
    void closeLane(int lane);
    void send(const QString &text);
    void takeBack();
    void sendRefused(const core::SpendTerms &terms);
    void askLane(int lane);
    void dropDraft();
    [[nodiscard]] bool hasRefused() const;
    void askAboutBudget();
    void connectCount();
    void leaveOut(int lane);
    void say(const QString &sentence); //!< Above the composer.
    void refreshHint();
    void refreshCount();
    void countExactly();
    void tellUncounted(const core::Target &target, const core::Error &error);
    [[nodiscard]] QList<core::ForecastQuestion> nextQuestions() const;
    [[nodiscard]] core::OutgoingPrompt outgoing(const QString &text) const;

    static constexpr int RefreshMs = 100;

    const ThemeSource &m_theme;
    Announcements m_announcements = Announcements::Sentences;
    ConversationFeed::Names m_names;
    QPointer<core::Comparison> m_comparison;

    PlainLabel *m_title;
    StatusPill *m_count;
    PillButton *m_add;
    PlainLabel *m_round;
    QScrollArea *m_scroll;
    QHBoxLayout *m_row;
    QList<LaneCard *> m_lanes;
    Composer *m_composer;
    PromptCheck *m_check;
    BudgetQuestion *m_budget;
    SendForecast *m_forecast;
    ExactCount *m_exact;
    QStringList m_uncounted; //!< Models whose services did not count, since it was asked for.
    LaneRoom *m_room;
    bool m_lacksModel = false; //!< The notice says that a lane has none.
    QTimer m_refreshTimer;     //!< Figures at most ten times a second, whatever the token rate.
    QSet<int> m_stale;
};

} // namespace ui
