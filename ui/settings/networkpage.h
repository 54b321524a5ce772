#pragma once

#include "core/base/result.h"
#include "core/settings/settings.h"
#include "ui/settings/proxyloginfield.h"
#include "ui/theme/themesource.h"

#include <QFuture>
#include <QWidget>

#include <functional>

class QVBoxLayout;

namespace ui {

class PlainLabel;
class SegmentedControl;

//! What the page asks the network's side. May be empty; does not wait.
struct NetworkFacts
{
    //! The proxy that the system names for the services, "proxy.example:3128"; empty: none.
    std::function<QFuture<QString>()> systemProxy;
    ProxyLoginFacts login;
};

//! Settings, Network: proxy and the login there, deadlines, how often to ask again. What is changed
//! counts for later requests. UI thread.
class NetworkPage final : public QWidget
{
    Q_OBJECT
public:
    NetworkPage(const ThemeSource &theme, core::Settings &settings, NetworkFacts facts,
                QWidget *parent = nullptr);

Q_SIGNALS:
    void failed(const QString &sentence); //!< The settings could not be written.

protected:
    void showEvent(QShowEvent *event) override; //!< The system may name another proxy by now.

private:
    void addHead(const QString &text);
    void addProxy();
    //! Milliseconds, typed and shown as a duration between \p least and \p most.
    void addDuration(const core::Setting<int> &setting, const QString &name, const QString &note,
                     std::chrono::milliseconds least, std::chrono::milliseconds most);
    void addNumber(const core::Setting<int> &setting, const QString &name, const QString &note,
                   int least, int most);
    void refreshProxy();
    template <typename T>
    void set(const core::Setting<T> &setting, const T &value);

    const ThemeSource &m_theme;
    core::Settings &m_settings;
    NetworkFacts m_facts;
    QVBoxLayout *m_column;
    SegmentedControl *m_proxy = nullptr;
    PlainLabel *m_proxyInForce = nullptr;
    ProxyLoginField *m_proxyLogin = nullptr;
};

} // namespace ui
