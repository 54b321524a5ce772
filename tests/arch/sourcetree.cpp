#include "tests/arch/sourcetree.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>

#include <functional>

namespace tests {

namespace {

QStringList list(const char *words)
{
    return QString::fromLatin1(words).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

//! Folder -> folders it may include besides itself.
const QMap<QString, QStringList> &includeTable()
{
    static const QMap<QString, QStringList> table = [] {
        QMap<QString, QStringList> t;
        const auto core = [&t](const char *folders, const char *mayInclude) {
            QStringList allowed;
            for (const QString &name : list(mayInclude))
                allowed.append(QStringLiteral("core/") + name);
            for (const QString &name : list(folders))
                t.insert(QStringLiteral("core/") + name, allowed);
        };
        core("base", "");
        core("resilience settings", "base");
        core("chat", "base");
        core("net tokens pricing", "base chat");
        core("secrets providers practice", "base chat net");
        core("ledger", "base chat pricing");
        core("client", "base chat net providers resilience tokens pricing ledger secrets");
        core("store", "base chat pricing ledger");
        core("stats", "base chat pricing ledger store");
        core("conversation", "base chat tokens pricing ledger client store");
        core("exchange", "base chat store stats");
        const QStringList screen =
            list("core/base core/chat core/pricing core/tokens core/ledger core/client "
                 "core/conversation core/store core/stats core/secrets core/settings core/exchange "
                 "ui/theme ui/widgets ui/transcript");
        t.insert(QStringLiteral("ui/theme"), list("core/base"));
        t.insert(QStringLiteral("ui/widgets"), list("core/base ui/theme"));
        t.insert(QStringLiteral("ui/transcript"), list("core/base core/chat ui/theme ui/widgets"));
        // The adapter that chat and compare share; they may not include each other.
        t.insert(QStringLiteral("ui/conversation"), screen);
        t.insert(QStringLiteral("ui/chat"), screen + list("ui/conversation"));
        t.insert(QStringLiteral("ui/compare"), screen + list("ui/conversation"));
        t.insert(QStringLiteral("ui/dashboard"), screen);
        t.insert(QStringLiteral("ui/settings"), screen + list("core/practice"));
        t.insert(QStringLiteral("ui/shell"),
                 screen + list("ui/chat ui/compare ui/dashboard ui/settings"));
        return t;
    }();
    return table;
}

struct Rule
{
    const char *pattern;
    const char *mayStandIn; //!< Path prefixes, separated by spaces.
    const char *appliesTo = "";
};

//! What only a few files may call, since each other call would be a way around a defence.
constexpr Rule Rules[] = {
    {"QDesktopServices", "ui/widgets/links"},
    {"\\b(setHtml|setMarkdown|QTextBrowser|insertHtml|appendHtml|toHtml)\\b", ""},
    {"\\bQLabel\\(|QMessageBox::(information|warning|critical|question|about)\\b|\\bsetToolTip\\(|"
     "\\bsetWhatsThis\\(|\\bsetStatusTip\\(",
     "ui/widgets/"},
    // A reply's may hold its URL; that of an expression holds nothing foreign.
    {"\\berrorString\\(", "core/net/networkerrors core/conversation/promptguard"},
    {"ignoreSslErrors", ""},
    // The factory makes them all; an exchange holds the one that it leased.
    {"\\bQNetworkAccessManager\\b", "core/net/managerpool core/net/networkexchange"},
    {"new QNetworkAccessManager\\b|\\bQNetworkAccessManager [a-z]\\w*[;({]",
     "core/net/managerpool"},
    {"\\bQTcpServer\\b|QHttpServer|\\blisten\\(", "core/practice/ app/singleinstance"},
    {"\\bQProcess\\b", "core/secrets/credentialprocess"},
    {"\\bstd::system\\(|\\bpopen\\b", ""},
    {"\\bqC?(Debug|Info)\\(|printf\\(|std::cerr|std::cout", "core/base/log app/console"},
    {"\\bQSettings\\b", ""},
    {"\\bQTimer\\b|currentDateTime|currentMSecsSinceEpoch|system_clock::now", "core/base/clock",
     "core/"},
    // The store's thread waits for other processes' file locks: those pass in real time only.
    {"steady_clock::now", "core/base/clock core/store/filelock core/store/writer", "core/"},
    {"\\bdouble\\b|\\bfloat\\b", "", "core/ledger/"},
    {"QSqlQuery( \\w+)?\\([^\\n]*\\+|\\.arg\\([^\\n]*exec", ""},
    {"FollowRedirects|RedirectPolicy", "core/net/managerpool"},
    {"QImage::fromData|\\bloadFromData\\(", "ui/chat/attachedfiles"},
    {"\\.then\\(", ""}, // asserts if its context dies first: core/base/whenready.h
    {"\\bconnect\\([^;]*&[A-Za-z:]+::[a-zA-Z]+,\\s*\\[", ""}, // a lambda without a context object
};

bool startsWithAny(const QString &path, const char *prefixes)
{
    for (const QString &prefix : list(prefixes)) {
        if (path.startsWith(prefix))
            return true;
    }
    return false;
}

} // namespace

QString SourceFile::withoutComments() const
{
    QString code = text;
    // A comment follows white space, so that the "//" of a URL in a string is none.
    static const QRegularExpression lineComment(QStringLiteral("(^|\\s)//[^\\n]*"));
    code.remove(lineComment);
    static const QRegularExpression blockComment(QStringLiteral("/\\*.*?\\*/"),
                                                 QRegularExpression::DotMatchesEverythingOption);
    return code.remove(blockComment);
}

SourceFile sourceFrom(const QString &path, const QString &text)
{
    SourceFile file{path, text, {}};
    static const QRegularExpression include(QStringLiteral("^#include \"([^\"]+)\""),
                                            QRegularExpression::MultilineOption);
    for (auto it = include.globalMatch(text); it.hasNext();)
        file.includes.append(it.next().captured(1));
    return file;
}

QList<SourceFile> readSources(const QStringList &folders)
{
    const QString root = QStringLiteral(FARTHING_SOURCE_DIR "/");
    QList<SourceFile> files;
    for (const QString &folder : folders) {
        QDirIterator it(root + folder, {QStringLiteral("*.h"), QStringLiteral("*.cpp")},
                        QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            QFile file(it.next());
            if (file.open(QIODevice::ReadOnly))
                files.append(sourceFrom(file.fileName().mid(root.size()),
                                        QString::fromUtf8(file.readAll())));
        }
    }
    return files;
}

QStringList providerIds()
{
    QStringList ids;
    QFile file(QStringLiteral(FARTHING_SOURCE_DIR "/resources/providers.json"));
    if (!file.open(QIODevice::ReadOnly))
        return ids;
    for (const QJsonValue &row : QJsonDocument::fromJson(file.readAll()).array())
        ids.append(row[QStringLiteral("id")].toString());
    return ids;
}

QStringList providerNameHits(const QList<SourceFile> &files, const QStringList &ids)
{
    QStringList hits;
    const QRegularExpression name(QStringLiteral("\"(%1)\"").arg(ids.join(QLatin1Char('|'))));
    for (const SourceFile &file : files) {
        if (startsWithAny(file.path, "core/providers/ core/practice/ ui/theme/"))
            continue;
        const QRegularExpressionMatch match = name.match(file.withoutComments());
        if (match.hasMatch())
            hits.append(QStringLiteral("%1: %2").arg(file.path, match.captured(0)));
    }
    return hits;
}

QStringList layeringBreaches(const QList<SourceFile> &files)
{
    QStringList breaches;
    for (const SourceFile &file : files) {
        if (file.path.startsWith(QStringLiteral("app/")))
            continue; // app wires everything
        const auto allowed = includeTable().constFind(file.folder());
        if (allowed == includeTable().constEnd()) {
            breaches.append(file.path +
                            QStringLiteral(": its folder has no row in the include table"));
            continue;
        }
        for (const QString &include : file.includes) {
            if (include.endsWith(QStringLiteral(".moc")))
                continue;
            const QString folder = include.left(include.lastIndexOf(QLatin1Char('/')));
            if (folder != file.folder() && !allowed->contains(folder))
                breaches.append(QStringLiteral("%1 may not include %2").arg(file.path, include));
        }
        static const QRegularExpression window(
            QStringLiteral("#include "
                           "<Q(Widget|Application|Gui|Painter|Chart|Color|Font|Pixmap|Icon|Text(?!"
                           "Boundary|Stream))"));
        if (file.path.startsWith(QStringLiteral("core/")) && window.match(file.text).hasMatch())
            breaches.append(file.path + QStringLiteral(": core knows no window"));
    }
    return breaches;
}

QStringList includeCircles(const QList<SourceFile> &files)
{
    QMap<QString, QSet<QString>> edges;
    for (const SourceFile &file : files) {
        for (const QString &include : file.includes) {
            const QString unit = include.left(include.lastIndexOf(QLatin1Char('.')));
            if (unit != file.unit())
                edges[file.unit()].insert(unit);
        }
    }
    QStringList circles;
    QSet<QString> finished;
    QStringList way;
    const std::function<void(const QString &)> visit = [&](const QString &unit) {
        if (way.contains(unit)) {
            circles.append(
                (way.mid(way.indexOf(unit)) + QStringList{unit}).join(QStringLiteral(" -> ")));
            return;
        }
        if (finished.contains(unit))
            return;
        way.append(unit);
        for (const QString &next : edges.value(unit))
            visit(next);
        way.removeLast();
        finished.insert(unit);
    };
    for (auto it = edges.constBegin(); it != edges.constEnd(); ++it)
        visit(it.key());
    return circles;
}

QStringList lintHits(const QList<SourceFile> &files)
{
    QStringList hits;
    for (const Rule &rule : Rules) {
        const QRegularExpression pattern(QString::fromLatin1(rule.pattern));
        for (const SourceFile &file : files) {
            if (startsWithAny(file.path, rule.mayStandIn) ||
                (*rule.appliesTo && !startsWithAny(file.path, rule.appliesTo)))
                continue;
            const QRegularExpressionMatch match = pattern.match(file.withoutComments());
            if (match.hasMatch())
                hits.append(QStringLiteral("%1: %2").arg(file.path,
                                                         match.captured(0).simplified().left(80)));
        }
    }
    return hits;
}

} // namespace tests
