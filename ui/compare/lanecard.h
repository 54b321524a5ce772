#pragma once

#include "core/conversation/comparison.h"
#include "ui/conversation/conversationfeed.h"
#include "ui/theme/themesource.h"

#include <QPointer>
#include <QWidget>

class QGridLayout;

namespace ui {

class IconButton;
class LaneQuestion;
class NoticeBar;
class PillButton;
class PlainLabel;
class StatusPill;
class TranscriptView;

//! One lane of a comparison: who answers, live figures, the lane's own turns. Reads the comparison
//! and changes nothing in it. UI thread.
class LaneCard final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int Narrowest = 320;

    LaneCard(const ThemeSource &theme, ConversationFeed::Names names, QWidget *parent = nullptr);

    //! Shows lane \p lane of \p comparison, which must outlive this or be taken away (nullptr).
    //! Where that is the conversation shown already, its reader keeps the place.
    void show(core::Comparison *comparison, int lane);
    [[nodiscard]] const core::Conversation *conversation() const { return m_conversation; }
    //! As ConversationFeed's. A lane that holds a turn stays on the branch where that is asked.
    bool showMessage(std::int64_t messageId);
    void refresh();       //!< Head and figures.
    void refreshBadges(); //!< Who won the round, once all its lanes have ended.
    //! What the next question may take here, above the turns; empty: nothing stands there.
    void setExpected(const QString &text);
    void setAnnouncements(Announcements which);
    [[nodiscard]] QWidget *modelButton() const;
    [[nodiscard]] LaneQuestion &question() const { return *m_question; }
    [[nodiscard]] ConversationFeed &feed() const { return *m_feed; }

Q_SIGNALS:
    void modelRequested();
    void stopRequested();
    void closeRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Figure
    {
        PlainLabel *name;
        PlainLabel *value;
    };
    [[nodiscard]] QLayout *makeHead();
    [[nodiscard]] QLayout *makeFigures();
    void tellApart(const QString &model);
    void refreshState(const std::optional<core::MessageRecord> &answer);
    void refreshCost(const core::AnswerFigures &figures);
    void fitCost();

    const ThemeSource &m_theme;
    ConversationFeed::Names m_names;
    QPointer<core::Comparison> m_comparison;
    QPointer<core::Conversation> m_conversation;
    int m_lane = 0;

    PillButton *m_model;
    StatusPill *m_state;
    IconButton *m_stop; //!< Stands only while this lane runs.
    IconButton *m_close;
    PlainLabel *m_provider;
    QList<StatusPill *> m_badges; //!< Cheapest, first token, fastest.
    PlainLabel *m_expected;
    QList<Figure> m_figures; //!< First token, speed, tokens out, cost.
    QGridLayout *m_grid = nullptr;
    QString m_cost, m_costAtMost; //!< In full, and where that has no room; the latter may be empty.
    TranscriptView *m_view;
    ConversationFeed *m_feed;
    NoticeBar *m_notice;
    LaneQuestion *m_question;
};

} // namespace ui
