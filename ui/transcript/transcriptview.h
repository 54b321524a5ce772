#pragma once

#include "ui/transcript/heightindex.h"
#include "ui/transcript/messageitem.h"
#include "ui/transcript/transcriptmessage.h"
#include "ui/transcript/transcriptselection.h"
#include "ui/transcript/transcriptstyle.h"

#include <QAbstractScrollArea>
#include <QElapsedTimer>
#include <QHash>
#include <QTimer>

#include <memory>
#include <vector>

class QMenu;
class QPushButton;

namespace ui {

//! What a screen reader is told of an answer while it is written; errors always.
enum class Announcements { Off, Sentences, EndOnly };

//! The messages of one chat (or lane): draws them, scrolls, selects, finds; opens, fetches and
//! decides nothing.
//!
//! Messages are virtual: text is parsed when a message comes into view, blocks are laid out when
//! they do, and unseen heights are estimates. What the reader sees is held by an anchor (message,
//! part, pixels), so that nothing at or above the reading position moves when a height changes.
//! appendText() and appendReasoning() take any number of deltas and show them together at most one
//! frame (16 ms) later. Unknown ids are ignored. UI thread only.
//!
//! Following is a state that only the reader's input changes (wheel, keys, drag, End, the button)
//! or followAnswer().
class TranscriptView final : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit TranscriptView(const Theme &theme, QWidget *parent = nullptr);
    ~TranscriptView() override;

    void setTheme(const Theme &theme);  //!< Colours, fonts, text size. The reading position stays.
    void setWide(bool wide);            //!< The column takes the window's width.
    void setMargin(int pixels);         //!< Left and right of the column; more than a scroll bar.
    void setFollowAnswers(bool follow); //!< A sent question starts following at once.

    //! Shows the reading position \p anchor, see scrollAnchor(); the end if it is none of these
    //! messages'. Forgets selection and following.
    void setMessages(const QList<TranscriptMessage> &messages, const QString &anchor = {});
    void appendMessage(const TranscriptMessage &message);
    void removeFrom(const QString &id); //!< That message and all after it.
    //! The same, and shows \p messages there: what stands above stays where it is.
    void replaceFrom(const QString &id, const QList<TranscriptMessage> &messages);
    void appendText(const QString &id, const QString &delta);
    void appendReasoning(const QString &id, const QString &delta);
    void setReasoningLabel(const QString &id, const QString &label);
    void setHeader(const QString &id, const MessageHeader &header);
    void setFooter(const QString &id, const QList<FooterSegment> &footer);
    void setActions(const QString &id, const QList<MessageAction> &actions);
    void setError(const QString &id, const std::optional<ErrorCard> &error);
    //! The end of an answer is announced, with the error that it has by then.
    void setState(const QString &id, MessageState state);
    void setSeams(const QString &id, const QList<TextSeam> &seams); //!< Before their text comes.
    void setVersion(const QString &id, VersionPosition version);
    void setSeam(const QString &id, const QString &seam);
    [[nodiscard]] int messageCount() const { return int(m_items.size()); }
    [[nodiscard]] int indexOf(const QString &id) const; //!< -1: not there.
    [[nodiscard]] std::optional<TranscriptMessage> message(const QString &id) const;

    //! Call after a question was sent: puts it on top (its last three lines if long); following
    //! goes off, or on if setFollowAnswers() is.
    void showQuestion(const QString &id);
    [[nodiscard]] bool isFollowing() const { return m_following; }
    void followAnswer(); //!< Goes to the end and stays there.
    void scrollToMessage(const QString &id);
    void goToMessage(int step); //!< +1 the next message's beginning, -1 the previous one's.

    [[nodiscard]] QString scrollAnchor() const; //!< The reading position, to store with the chat.

    void setFindText(const QString &text); //!< Case is ignored. Empty ends finding.
    void findNext();
    void findPrevious();

    [[nodiscard]] bool hasSelection() const { return !m_selection.isEmpty(); }
    [[nodiscard]] QString
    selectedText() const; //!< A message that is selected whole comes as its Markdown source.
    void selectAll();
    void clearSelection();
    void copySelection() const;

    //! Where the beginning of a message's part stands in the viewport; for tests and for a screen
    //! reader.
    [[nodiscard]] QRect partRect(int message, int part) const;
    [[nodiscard]] int messageAt(int y) const;   //!< By the viewport's coordinate; -1: none.
    void announceText() { m_announces = true; } //!< A screen reader asked: say what arrives.
    void setAnnouncements(Announcements which) { m_announcements = which; }
    [[nodiscard]] Announcements announcements() const { return m_announcements; }
    [[nodiscard]] QString plainText(int message,
                                    int fromBlock = 0); //!< Without marks of Markdown. Parses.
    [[nodiscard]] const MessageItem &item(int message) const
    {
        return *m_items[std::size_t(message)];
    }

Q_SIGNALS:
    void actionTriggered(const QString &messageId, const QString &actionId);
    void messageTouched(const QString &messageId); //!< Pressed, or gone to by goToMessage().
    void versionRequested(const QString &messageId, int step); //!< -1 older, +1 newer.
    void
    linkActivated(const QString &text,
                  const QString &url); //!< The view never opens it. Both as written: not checked.
    void copyCodeRequested(const QString &code); //!< As in the source, fences left out.
    //! Counted from 1; 0 = none. Also when the text has changed.
    void findChanged(int current, int total);
    void scrollAnchorChanged();
    void announced(const QString &text); //!< A screen reader was told, if one listens.

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool focusNextPrevChild(bool next) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    struct Anchor
    {
        int message = 0;
        int part = 0;
        int pixels = 0; //!< From the part's top to the viewport's top; may be negative above the
                        //!< first message.
        bool operator==(const Anchor &) const = default;
    };
    struct Hit
    {
        TextPosition position;
        bool onText = false;
        int message = -1;
        int part = -1;
        std::optional<HotSpot> spot;
    };
    struct SpotPlace
    {
        int message = -1;
        int part = -1;
        int index = -1;
        bool operator==(const SpotPlace &) const = default;
    };

    //! A part of a message: what changes from there on may move all that stands below.
    struct Place
    {
        int message = 0;
        int part = 0;
        auto operator<=>(const Place &) const = default;
    };

    template <typename Change>
    void change(const QString &id, Change apply);
    template <typename Value>
    void replaceBelowText(const QString &id, Value TranscriptMessage::*member, const Value &value);
    void add(const TranscriptMessage &message);
    void scheduleFlush();
    void flush();
    void
    arrange(); //!< Lays out what is visible from the anchor on, then sets the bar and the button.
    void relayout();                  //!< Arranges, then paints everything anew.
    void relayoutFrom(Place changed); //!< The same where all above the place looks as it did.
    void relayoutAll();
    void refreshHeight(int message);
    [[nodiscard]] int columnLeft() const;
    [[nodiscard]] int columnWidth() const;
    [[nodiscard]] int contentHeight() const;
    [[nodiscard]] int endOffset() const; //!< Where the end of the text stands at the bottom's edge.
    [[nodiscard]] int
    scrollLimit() const; //!< Greatest scroll offset: the question may stand on top of empty room.
    [[nodiscard]] bool isAtEnd() const;
    [[nodiscard]] int offsetOf(const Anchor &anchor) const;
    [[nodiscard]] Anchor anchorAt(int offset);
    void moveBy(int pixels); //!< Measures what comes into view on the way, so that steps are exact.
    void moveTo(int offset);
    void moveToEnd();
    bool moveToAnchor(const QString &anchor); //!< False: it is not known here.
    void setFollowing(bool following);
    void readerScrolled(int pixels);
    void layOutVisible();
    void trimLayouts();
    [[nodiscard]] int topOf(int message) const; //!< In the viewport.

    [[nodiscard]] Hit hitTest(const QPoint &point) const;
    void activate(const SpotPlace &place);
    void addActions(QMenu &menu, const TranscriptMessage &message);
    [[nodiscard]] std::optional<HotSpot> spotAt(const SpotPlace &place) const;
    [[nodiscard]] QRect spotRect(const SpotPlace &place) const;
    void ensureVisible(const QRect &rect);
    bool moveFocus(bool next);
    bool scrollKey(QKeyEvent *event);
    bool selectKey(QKeyEvent *event);
    void dragSelection();
    void selectWord(TextPosition at);
    void selectBlock(TextPosition at);
    [[nodiscard]] TextPosition step(TextPosition from, int characters) const;
    [[nodiscard]] TextPosition stepLine(TextPosition from, int lines) const;
    void paintMessage(QPainter &painter, int message, int top, const QRect &clip);
    void seek();
    void seekAgain(TextPosition from);
    bool seekInMessage();
    void placeShownMatch(bool isDone);
    void tellMatches();
    [[nodiscard]] std::pair<int, int> matchesIn(int message, int block) const; //!< [first, end)
    void announce(int message);
    static void installAccessible(); //!< Once a process.
    void showMatch(int index);

    struct Pending
    {
        QString text;
        QString reasoning;
    };

    struct Announced
    {
        qsizetype source = 0; //!< Of the Markdown, looked at.
        qsizetype shown = 0;  //!< Of the plain text, said.
        int block = 0;        //!< What stands before it was said,
        qsizetype before = 0; //!< and is that long.
    };

    TranscriptStyle m_style;
    QHash<QString, Announced> m_announced; //!< By message. Who comes back to a chat hears the rest.
    bool m_announces = false;
    Announcements m_announcements = Announcements::Sentences;
    std::vector<std::unique_ptr<MessageItem>> m_items;
    QHash<QString, int> m_indexes;
    HeightIndex m_heights;
    QHash<QString, Pending> m_pending;
    QTimer m_flushTimer;
    QElapsedTimer m_sinceFlush;
    Anchor m_anchor;
    int m_question = -1; //!< The message that showQuestion() put on top; room is kept below it.
    int m_questionHidden = 0;          //!< Of a long one: how much stands above the viewport.
    bool m_questionAwaitsSize = false; //!< It was put on top before the view had its size.
    bool m_following = false;
    bool m_followAnswers = false;
    bool m_wide = false;
    int m_margin = metrics::Margin;
    bool m_settingBar = false;
    bool m_newBelow = false;
    int m_contentBottom = 0; //!< In the viewport; may be below its edge.
    int m_barValue = 0;
    Selection m_selection;
    bool m_selecting = false;
    QTimer m_dragTimer; //!< Runs while a selection is dragged beyond an edge.
    QPoint m_draggedTo;
    SpotPlace m_focused, m_hovered, m_pressed;
    QElapsedTimer m_lastDoubleClick;
    QString m_findText;
    QList<TextRange> m_matches;
    TextPosition m_unsought; //!< From here on the text is still to be looked through.
    QTimer m_seekTimer;
    bool m_showsFirst = false; //!< No hit of what is sought has been shown yet.
    std::optional<TextPosition> m_shownMatch;
    std::optional<std::pair<int, int>> m_toldMatches;
    int m_match = -1; //!< The one that is shown, while it is found.
    QPushButton *m_button = nullptr;
};

} // namespace ui
