#pragma once

#include <QEvent>
#include <QObject>

namespace tests {

//! Counts the events of one type that come to the objects it is installed on.
class EventCount final : public QObject
{
public:
    explicit EventCount(QEvent::Type type)
        : m_type(type)
    {
    }
    int count = 0;

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        count += event->type() == m_type ? 1 : 0;
        return false;
    }

private:
    QEvent::Type m_type;
};

} // namespace tests
