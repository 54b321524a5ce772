#pragma once

#include "ui/theme/themesource.h"

#include <QImage>
#include <QList>
#include <QWidget>

namespace ui {

//! A file that goes along with a message: what its tile says.
struct FileTile
{
    QString name;   //!< Foreign; shown as plain text.
    QString detail; //!< "214 KB · up to 6,000 tokens".
    QImage preview; //!< Small; null: none.
};

//! The composer's attached files, a tile each, in rows. Del or Backspace on a tile removes it, like
//! its button.
class FileTiles final : public QWidget
{
    Q_OBJECT
public:
    explicit FileTiles(const ThemeSource &theme, QWidget *parent = nullptr);

    void setTiles(const QList<FileTile> &tiles); //!< Hidden while there are none.

Q_SIGNALS:
    void removeRequested(int index);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void arrange();

    const ThemeSource &m_theme;
    QList<QWidget *> m_tiles;
};

} // namespace ui
