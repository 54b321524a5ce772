#pragma once

#include "core/base/result.h"
#include "core/chat/message.h"
#include "core/client/costforecast.h"
#include "ui/transcript/filetiles.h"
#include "ui/widgets/figures.h"

#include <QHash>
#include <QObject>
#include <QUrl>

#include <optional>

namespace ui {

//! The files that wait to be sent, by chat, as they are shown: the chat's draft keeps them. Each
//! has its place from the call on that brings it; files are read and pictures decoded on the thread
//! pool. What cannot be taken is refused with a sentence. UI thread.
class AttachedFiles final : public QObject
{
    Q_OBJECT
public:
    static constexpr int MostFiles = 20; //!< So many a message takes.

    explicit AttachedFiles(QObject *parent = nullptr);

    void addFiles(std::int64_t chat, const QList<QUrl> &files); //!< Local files.
    void addImage(std::int64_t chat, const QImage &image);
    void remove(std::int64_t chat, int index);
    void clear(std::int64_t chat);
    //! Back from a message: there at once, and all of them, whatever was added meanwhile.
    void put(std::int64_t chat, const QList<core::AttachmentPart> &parts);
    //! Of the chat's draft: as put(), but for those that are there.
    void restore(std::int64_t chat, const QList<core::AttachmentPart> &parts);

    [[nodiscard]] QList<core::AttachmentPart> of(std::int64_t chat) const; //!< As far as read.
    //! Names of those that are still being read: of() lacks them.
    [[nodiscard]] QStringList beingRead(std::int64_t chat) const;
    //! \p forecasts: what each adds, as far as it is known, in the same order; else the tiles say
    //! what a file may have at most.
    [[nodiscard]] QList<FileTile> tiles(std::int64_t chat,
                                        const QList<core::FileForecast> &forecasts = {},
                                        MoneyMark mark = MoneyMark::None) const;

Q_SIGNALS:
    void changed(std::int64_t chat);
    //! \p sentence also tells what was refused before while files of the chat were being read.
    void refused(std::int64_t chat, const QString &sentence);

private:
    struct File
    {
        std::int64_t number = 0;                  //!< Its own: the place may change.
        std::optional<core::AttachmentPart> part; //!< None: it is being read.
        FileTile tile;
    };
    template <typename Read>
    void read(std::int64_t chat, const File &file, Read read);
    void take(std::int64_t chat, std::int64_t number, const core::Result<File> &result);
    void refuse(std::int64_t chat, const QString &sentence);
    void beginRefusals(std::int64_t chat);

    QHash<std::int64_t, QList<File>> m_files;
    QHash<std::int64_t, QStringList> m_refusals; //!< Told while files of the chat were being read.
    std::int64_t m_lastNumber = 0;
};

} // namespace ui
