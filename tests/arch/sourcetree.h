#pragma once

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

namespace tests {

//! One source file of ours, as the checks of the house see it.
struct SourceFile
{
    QString path; //!< From the project's root: "core/net/sseparser.cpp".
    QString text;
    QStringList includes; //!< Paths of quoted includes, as written.

    [[nodiscard]] QString folder() const { return path.left(path.lastIndexOf(QLatin1Char('/'))); }
    [[nodiscard]] QString unit() const
    {
        return path.left(path.lastIndexOf(QLatin1Char('.')));
    } //!< Header and source are one.
    [[nodiscard]] QString withoutComments() const;
};

//! All .h and .cpp files below \p folders.
[[nodiscard]] QList<SourceFile> readSources(const QStringList &folders);
[[nodiscard]] SourceFile sourceFrom(const QString &path, const QString &text);

//! Breaches of the include table, one line each.
[[nodiscard]] QStringList layeringBreaches(const QList<SourceFile> &files);
//! Units that reach themselves through includes, one line a circle.
[[nodiscard]] QStringList includeCircles(const QList<SourceFile> &files);
//! Calls that only a few files may make, found in others, one line each.
[[nodiscard]] QStringList lintHits(const QList<SourceFile> &files);

//! Ids of the rows of resources/providers.json.
[[nodiscard]] QStringList providerIds();
//! Where one of \p ids stands as a string outside what may know providers by name, one line each:
//! what is particular to a service is a member of its row.
[[nodiscard]] QStringList providerNameHits(const QList<SourceFile> &files, const QStringList &ids);

} // namespace tests
