#pragma once

#include "core/base/result.h"
#include "ui/theme/themesource.h"

#include <QFuture>
#include <QWidget>

#include <functional>

namespace ui {

class PillButton;
class PlainLabel;

//! Where the data lies and how it is copied. The functions never wait.
struct DataFacts
{
    QString folder;
    QString backups; //!< The folder of backups.
    //! Copies the database to \p file, an empty one: into the folder of backups. The name of the
    //! copy, or why there is none.
    std::function<QFuture<core::Result<QString>>(const QString &file)> backUp;
    //! Deletes the cached answers; how many bytes they were.
    std::function<QFuture<core::Result<qint64>>()> clearCache;
};

//! Settings, Data: where everything lies, backups of it, cached answers. UI thread.
class DataPage final : public QWidget
{
    Q_OBJECT
public:
    DataPage(const ThemeSource &theme, DataFacts facts, QWidget *parent = nullptr);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void build();
    void backUp(const QString &file);
    void refresh();
    void clearCache();

    const ThemeSource &m_theme;
    DataFacts m_facts;
    PlainLabel *m_newest;
    PlainLabel *m_result;
    PillButton *m_now;
    PillButton *m_elsewhere;
    PlainLabel *m_freed;
    PillButton *m_clear;
};

} // namespace ui
