#include "tests/arch/sourcetree.h"

#include <QTest>

using namespace tests;

class tst_Layering : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void includesKeepTheTable();
    void noUnitReachesItself();
    void lintIsClean();
    void providersAreKnownByTheirRows();
    void checksCanFail_data();
    void checksCanFail();
    void circleIsFound();

private:
    const QList<SourceFile> m_files =
        readSources({QStringLiteral("app"), QStringLiteral("core"), QStringLiteral("ui")});
};

void tst_Layering::includesKeepTheTable()
{
    QVERIFY(m_files.size() > 30);
    const QStringList breaches = layeringBreaches(m_files);
    QVERIFY2(breaches.isEmpty(), qPrintable(breaches.join(QLatin1Char('\n'))));
}

void tst_Layering::noUnitReachesItself()
{
    const QStringList circles = includeCircles(m_files);
    QVERIFY2(circles.isEmpty(), qPrintable(circles.join(QLatin1Char('\n'))));
}

void tst_Layering::lintIsClean()
{
    const QStringList hits = lintHits(m_files);
    QVERIFY2(hits.isEmpty(), qPrintable(hits.join(QLatin1Char('\n'))));
}

void tst_Layering::providersAreKnownByTheirRows()
{
    const QStringList ids = providerIds();
    QVERIFY(ids.size() > 10);
    const QStringList hits = providerNameHits(m_files, ids);
    QVERIFY2(hits.isEmpty(), qPrintable(hits.join(QLatin1Char('\n'))));

    const auto hitsIn = [&ids](const char *path, const char *text) {
        return providerNameHits({sourceFrom(QString::fromLatin1(path), QString::fromLatin1(text))},
                                ids)
            .size();
    };
    QCOMPARE(hitsIn("core/pricing/x.cpp", "if (provider == QLatin1StringView(\"anthropic\"))\n"),
             1);
    QCOMPARE(hitsIn("ui/settings/x.cpp", "if (row.id == u\"openai-chat\"_s)\n"), 1);
    QCOMPARE(hitsIn("core/providers/x.cpp", "insert(\"anthropic\");\n"), 0);
    QCOMPARE(hitsIn("core/chat/x.h", "QString id; //!< \"anthropic\", \"ollama\"\n"), 0);
    QCOMPARE(hitsIn("core/chat/x.h", "translated(\"anthropic and others\");\n"), 0);
}

void tst_Layering::checksCanFail_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isLint");
    const auto row = [](const char *name, const char *path, const char *text, bool isLint) {
        QTest::newRow(name) << QString::fromLatin1(path) << QString::fromLatin1(text) << isLint;
    };
    row("core-includes-ui", "core/net/x.cpp", "#include \"ui/theme/theme.h\"\n", false);
    row("base-includes-net", "core/base/x.h", "#include \"core/net/httpmessage.h\"\n", false);
    row("screen-includes-network", "ui/chat/x.cpp", "#include \"core/net/httptransport.h\"\n",
        false);
    row("screen-includes-screen", "ui/chat/x.cpp", "#include \"ui/compare/comparescreen.h\"\n",
        false);
    row("core-includes-widgets", "core/client/x.cpp", "#include <QWidget>\n", false);
    row("folder-without-a-row", "core/magic/x.cpp", "", false);
    row("timer-in-core", "core/client/x.cpp", "QTimer timer;\n", true);
    row("redirects", "app/x.cpp", "request.setAttribute(RedirectPolicy);\n", true);
    row("html", "ui/chat/x.cpp", "label->setHtml(text);\n", true);
    row("double-in-ledger", "core/ledger/x.cpp", "double cost = 0;\n", true);
    row("printf", "core/store/x.cpp", "printf(\"x\");\n", true);
    row("label", "ui/chat/x.cpp", "auto *l = new QLabel(text);\n", true);
    row("listening", "app/x.cpp", "server.listen(address);\n", true);
    row("desktop-services", "app/x.cpp", "QDesktopServices::openUrl(url);\n", true);
    row("markdown-by-qt", "ui/transcript/x.cpp", "document.setMarkdown(text);\n", true);
    row("message-box", "app/x.cpp", "QMessageBox::warning(this, title, text);\n", true);
    row("tool-tip", "ui/chat/x.cpp", "button->setToolTip(name);\n", true);
    row("sentence-of-qt", "core/net/networkexchange.cpp", "reply->errorString();\n", true);
    row("tls-errors-ignored", "core/net/managerpool.cpp", "reply->ignoreSslErrors();\n", true);
    row("manager", "core/client/x.cpp", "QNetworkAccessManager *manager;\n", true);
    row("manager-of-its-own", "core/net/networkexchange.cpp",
        "auto *manager = new QNetworkAccessManager;\n", true);
    row("server", "core/net/x.cpp", "QTcpServer server;\n", true);
    row("process", "app/x.cpp", "QProcess process;\n", true);
    row("system", "app/x.cpp", "std::system(command);\n", true);
    row("popen", "core/secrets/x.cpp", "popen(command, \"r\");\n", true);
    row("debug", "ui/chat/x.cpp", "qDebug() << key;\n", true);
    row("snprintf", "core/base/x.cpp", "std::snprintf(buffer, size, \"x\");\n", true);
    row("cerr", "app/x.cpp", "std::cerr << key;\n", true);
    row("settings-of-qt", "app/x.cpp", "QSettings settings;\n", true);
    row("date-in-core", "core/ledger/x.cpp", "QDateTime::currentDateTimeUtc();\n", true);
    row("sql-put-together", "core/store/x.cpp", "QSqlQuery query(sql(table) + name, db);\n", true);
    row("sql-by-arg", "core/store/x.cpp", "query.arg(name).exec();\n", true);
    row("redirects-in-net", "core/net/networkexchange.cpp",
        "QNetworkRequest::NoLessSafeRedirectPolicy;\n", true);
    row("image-from-data", "ui/transcript/x.cpp", "QImage::fromData(bytes);\n", true);
    row("pixmap-from-data", "ui/chat/x.cpp", "pixmap.loadFromData(bytes);\n", true);
    row("lambda-without-context", "ui/chat/x.cpp",
        "connect(b, &QButton::clicked, [this] { go(); });\n", true);
    row("then-with-a-context", "core/conversation/x.cpp",
        "return load(id).then(this, [this] { go(); });\n", true);
}

void tst_Layering::checksCanFail()
{
    QFETCH(const QString, path);
    QFETCH(const QString, text);
    QFETCH(const bool, isLint);
    const QList<SourceFile> files{sourceFrom(path, text)};
    QVERIFY(!(isLint ? lintHits(files) : layeringBreaches(files)).isEmpty());
}

void tst_Layering::circleIsFound()
{
    const QList<SourceFile> files{
        sourceFrom(QStringLiteral("core/base/a.h"), QStringLiteral("#include \"core/base/b.h\"\n")),
        sourceFrom(QStringLiteral("core/base/b.cpp"),
                   QStringLiteral("#include \"core/base/b.h\"\n#include \"core/base/a.h\"\n"))};
    QCOMPARE(includeCircles(files).size(), 1);
}

QTEST_GUILESS_MAIN(tst_Layering)
#include "tst_layering.moc"
