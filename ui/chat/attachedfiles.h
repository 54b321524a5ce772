#pragma once

#include "core/chat/message.h"
#include "core/client/costforecast.h"
#include "ui/transcript/filetiles.h"
#include "ui/widgets/figures.h"

#include <QHash>
#include <QObject>
#include <QUrl>

namespace ui {

//! The files that wait to be sent, by chat, until this process ends. Files are read and pictures
//! decoded on the thread pool; what cannot be taken is refused with a sentence. UI thread.
class AttachedFiles final : public QObject
{
    Q_OBJECT
public:
    explicit AttachedFiles(QObject *parent = nullptr);

    void addFiles(std::int64_t chat, const QList<QUrl> &files); //!< Local files.
    void addImage(std::int64_t chat, const QImage &image);
    void remove(std::int64_t chat, int index);
    void clear(std::int64_t chat);
    void put(std::int64_t chat, const QList<core::AttachmentPart> &parts); //!< Back from a message.

    [[nodiscard]] QList<core::AttachmentPart> of(std::int64_t chat) const;
    //! \p forecasts: what each adds, as far as it is known, in the same order; else the tiles say
    //! what a file may have at most.
    [[nodiscard]] QList<FileTile> tiles(std::int64_t chat,
                                        const QList<core::FileForecast> &forecasts = {},
                                        MoneyMark mark = MoneyMark::None) const;

Q_SIGNALS:
    void changed(std::int64_t chat);
    void refused(std::int64_t chat, const QString &sentence);

private:
    struct File
    {
        core::AttachmentPart part;
        FileTile tile;
    };
    template <typename Read>
    void add(std::int64_t chat, Read read);

    QHash<std::int64_t, QList<File>> m_files;
};

} // namespace ui
