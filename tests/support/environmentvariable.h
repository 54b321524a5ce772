#pragma once

#include <QByteArray>
#include <QString>

namespace tests {

//! Sets an environment variable, and sets it back at its end.
class EnvironmentVariable
{
public:
    EnvironmentVariable(const char *name, const QString &value)
        : m_name(name)
        , m_before(qgetenv(name))
        , m_wasSet(qEnvironmentVariableIsSet(name))
    {
        qputenv(name, value.toUtf8());
    }
    EnvironmentVariable(const EnvironmentVariable &) = delete;
    EnvironmentVariable &operator=(const EnvironmentVariable &) = delete;
    ~EnvironmentVariable() { m_wasSet ? qputenv(m_name, m_before) : qunsetenv(m_name); }

private:
    const char *m_name;
    QByteArray m_before;
    bool m_wasSet;
};

} // namespace tests
