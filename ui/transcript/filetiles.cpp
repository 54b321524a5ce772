#include "ui/transcript/filetiles.h"

#include "ui/widgets/buttons.h"
#include "ui/widgets/painting.h"
#include "ui/widgets/plainlabel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr int TileWidth = 348; // size, tokens and cost beside a picture
constexpr int TileHeight = 48;
constexpr int PreviewSize = 36;
constexpr int Gap = 2 * Theme::Step;

//! One file: picture, name, detail, Remove.
class Tile final : public QWidget
{
public:
    Tile(const ThemeSource &theme, const FileTile &file, QWidget *parent)
        : QWidget(parent)
        , m_theme(theme)
        , m_name(file.name)
        , m_preview(file.preview)
        , m_detail(new PlainLabel(theme, TextRole::Small, {}, this))
        , m_remove(new IconButton(theme, QStringLiteral("close"),
                                  FileTiles::tr("Remove %1").arg(file.name), this))
    {
        setFocusPolicy(Qt::StrongFocus);
        auto *name = new PlainLabel(theme, TextRole::Body, file.name, this);
        name->setElide(Qt::ElideMiddle);
        m_detail->setElide(Qt::ElideRight);
        setDetail(file.detail);
        auto *texts = new QVBoxLayout;
        texts->setSpacing(0);
        texts->addStretch(1);
        texts->addWidget(name);
        texts->addWidget(m_detail);
        texts->addStretch(1);
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(m_preview.isNull() ? 12 : PreviewSize + 14, 4, 6, 4);
        row->setSpacing(4);
        row->addLayout(texts, 1);
        row->addWidget(m_remove);
    }

    [[nodiscard]] IconButton *removeButton() const { return m_remove; }
    [[nodiscard]] bool shows(const FileTile &file) const
    {
        return m_name == file.name && m_preview.cacheKey() == file.preview.cacheKey();
    }
    void setDetail(const QString &detail)
    {
        m_detail->setText(detail);
        setAccessibleName(FileTiles::tr("Attached: %1, %2").arg(m_name, detail));
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        const Theme &theme = m_theme.theme();
        paintBox(painter, rect(), theme, theme.window, theme.hairline, Theme::ControlRadius,
                 hasFocus());
        if (m_preview.isNull())
            return;
        const QSize size = m_preview.size().scaled(PreviewSize, PreviewSize, Qt::KeepAspectRatio);
        QRect place(QPoint(), size);
        place.moveCenter({6 + PreviewSize / 2, height() / 2});
        painter.drawImage(place, m_preview);
    }

    void keyPressEvent(QKeyEvent *event) override
    {
        if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)
            m_remove->click();
        else
            QWidget::keyPressEvent(event);
    }

    void focusInEvent(QFocusEvent *) override { update(); }
    void focusOutEvent(QFocusEvent *) override { update(); }

private:
    const ThemeSource &m_theme;
    QString m_name;
    QImage m_preview;
    PlainLabel *m_detail;
    IconButton *m_remove;
};

} // namespace

FileTiles::FileTiles(const ThemeSource &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    hide();
}

void FileTiles::setTiles(const QList<FileTile> &tiles)
{
    // The same files, of which more is known now: the tile with the focus stays.
    const bool areSame = std::equal(tiles.cbegin(), tiles.cend(), m_tiles.cbegin(), m_tiles.cend(),
                                    [](const FileTile &file, const QWidget *tile) {
                                        return static_cast<const Tile *>(tile)->shows(file);
                                    });
    for (int i = 0; areSame && i < tiles.size(); ++i)
        static_cast<Tile *>(m_tiles.at(i))->setDetail(tiles.at(i).detail);
    if (areSame)
        return;
    for (QWidget *old : std::exchange(m_tiles, {})) {
        old->hide();
        old->deleteLater(); // its own button may be what calls us
    }
    for (const FileTile &file : tiles) {
        auto *tile = new Tile(m_theme, file, this);
        const int index = static_cast<int>(m_tiles.size());
        connect(tile->removeButton(), &IconButton::clicked, this,
                [this, index] { Q_EMIT removeRequested(index); });
        m_tiles.append(tile);
        tile->show();
    }
    setVisible(!m_tiles.isEmpty());
    arrange();
}

void FileTiles::resizeEvent(QResizeEvent *)
{
    arrange();
}

void FileTiles::arrange()
{
    const int perRow = std::max(1, (width() + Gap) / (TileWidth + Gap));
    for (int i = 0; i < m_tiles.size(); ++i) {
        const int left = i % perRow * (TileWidth + Gap);
        const QRect place(left, i / perRow * (TileHeight + Gap), std::min(TileWidth, width()),
                          TileHeight);
        m_tiles.at(i)->setGeometry(QStyle::visualRect(layoutDirection(), rect(), place));
    }
    const int rows = (static_cast<int>(m_tiles.size()) + perRow - 1) / perRow;
    setFixedHeight(std::max(0, rows * (TileHeight + Gap) - Gap));
}

} // namespace ui
