#pragma once

#include <QAccessibleWidget>
#include <QHash>
#include <QPointer>

namespace ui {

class TranscriptView;

//! The transcript for a screen reader: a list whose first children are the messages. What is not in
//! sight is there as well; its text is parsed when it is asked for.
class TranscriptAccessible final : public QAccessibleWidget
{
public:
    explicit TranscriptAccessible(TranscriptView *view);
    ~TranscriptAccessible() override;

    //! To be given to QAccessible::installFactory().
    static QAccessibleInterface *create(const QString &className, QObject *object);

    [[nodiscard]] QAccessibleInterface *message(int index) const;

    int childCount() const override;
    QAccessibleInterface *child(int index) const override;
    QAccessibleInterface *childAt(int x, int y) const override;
    int indexOfChild(const QAccessibleInterface *child) const override;

private:
    [[nodiscard]] TranscriptView *view() const;
    void forgetRemoved() const;
    mutable QHash<QString, QAccessible::Id> m_messages; //!< Made when asked for.
};

//! One message: who speaks (name), what was said (value, text), figures and errors (description),
//! what can be done with it (actions, by the words that stand on them).
class MessageAccessible final : public QAccessibleInterface,
                                public QAccessibleActionInterface,
                                public QAccessibleTextInterface
{
public:
    MessageAccessible(TranscriptView *view, const QString &id);

    [[nodiscard]] int index() const; //!< In the view; -1 if the message is gone.

    bool isValid() const override { return index() >= 0; }
    QObject *object() const override { return nullptr; }
    QAccessibleInterface *parent() const override;
    QAccessibleInterface *child(int) const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QString text(QAccessible::Text which) const override;
    void setText(QAccessible::Text, const QString &) override {}
    QRect rect() const override;
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    QAccessible::State state() const override;
    void *interface_cast(QAccessible::InterfaceType type) override;

    QStringList actionNames() const override;
    void doAction(const QString &name) override;
    QStringList keyBindingsForAction(const QString &) const override { return {}; }

    void selection(int, int *start, int *end) const override { *start = *end = 0; }
    int selectionCount() const override { return 0; }
    void addSelection(int, int) override {}
    void removeSelection(int) override {}
    void setSelection(int, int, int) override {}
    int cursorPosition() const override { return 0; }
    void setCursorPosition(int) override {}
    QString text(int start, int end) const override;
    int characterCount() const override;
    QRect characterRect(int) const override { return rect(); }
    int offsetAtPoint(const QPoint &) const override { return 0; }
    void scrollToSubstring(int start, int end) override;
    QString attributes(int offset, int *start, int *end) const override;

private:
    QPointer<TranscriptView> m_view;
    QString m_id;
};

} // namespace ui
