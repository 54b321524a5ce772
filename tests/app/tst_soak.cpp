// Four answers at a time in the real window, with faults, stops and changes of chat, for as long as
// FARTHING_SOAK_SECONDS says: what grows, what is left open, how long the window was deaf. Held to
// the limits where the figures mean something: in an optimised build without sanitizers.
#include "app/engine.h"
#include "app/windowcontroller.h"
#include "core/practice/practiceprovider.h"
#include "tests/support/sanitized.h"
#include "tests/support/seededrandom.h"
#include "tests/support/threadtime.h"
#include "ui/chat/chatscreen.h"
#include "ui/widgets/icons.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <malloc.h>

#include <algorithm>
#include <vector>

namespace {

using namespace std::chrono_literals;

constexpr std::size_t Streams = 4;

#ifdef __OPTIMIZE__
constexpr bool HasLimits = !tests::IsSanitized;
#else
constexpr bool HasLimits = false;
#endif
constexpr double MostCpuOfAFrame = 8;  // milliseconds, p99
constexpr double LongestGap = 100;     // milliseconds
constexpr double MostGrowth = 1024;    // kilobytes an hour
constexpr int SecondsForATrend = 600;  // in fewer, a page more or less makes a steep slope
constexpr qsizetype PassingFiles = 16; // connections that come and go

int soakSeconds()
{
    bool ok = false;
    const int seconds = qEnvironmentVariableIntValue("FARTHING_SOAK_SECONDS", &ok);
    return ok ? seconds : 6;
}

qint64 residentKilobytes()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).trimmed().split(' ').first().toLongLong();
    }
    return 0;
}

//! What malloc has handed out; 0 where a sanitizer hands out instead.
qint64 heapKilobytes()
{
    const struct mallinfo2 info = ::mallinfo2();
    return static_cast<qint64>((info.uordblks + info.hblkhd) / 1024);
}

qsizetype openDescriptors()
{
    return QDir(QStringLiteral("/proc/self/fd")).entryList(QDir::System | QDir::Files).size();
}

//! The most descriptors that were open at any look.
class DescriptorPeak
{
public:
    DescriptorPeak()
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer,
                         [this] { m_most = std::max(m_most, openDescriptors()); });
        m_timer.start(100);
    }
    [[nodiscard]] qsizetype most() const { return m_most; }

private:
    QTimer m_timer;
    qsizetype m_most = openDescriptors();
};

//! Milliseconds in buckets of a tenth: as many after a night as after a second, so that the
//! measuring adds nothing to the memory that is measured.
class Durations
{
public:
    void add(double milliseconds)
    {
        const double bucket = std::clamp(milliseconds * 10, 0.0, double(Buckets - 1));
        ++m_counts[static_cast<std::size_t>(bucket)];
        ++m_count;
        m_longest = std::max(m_longest, milliseconds);
    }
    [[nodiscard]] double longest() const { return m_longest; }
    //! The upper edge of the bucket that holds it.
    [[nodiscard]] double p99() const
    {
        qint64 below = 0;
        for (std::size_t i = 0; i < Buckets; ++i) {
            below += m_counts[i];
            if (below * 100 >= m_count * 99)
                return double(i + 1) / 10;
        }
        return m_longest;
    }

private:
    static constexpr std::size_t Buckets = 10'000; // to a second
    std::vector<qint64> m_counts = std::vector<qint64>(Buckets, 0);
    qint64 m_count = 0;
    double m_longest = 0;
};

//! How long the event loop was away, and what this thread computed in a frame's time.
class Heartbeat
{
public:
    Heartbeat()
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            const double gap = static_cast<double>(m_clock.nsecsElapsed()) / 1e6;
            m_clock.restart();
            m_gaps.add(gap);
        });
        // Its own timer: looks that come every 4 ms make frames of 20. Work that took longer than a
        // frame is told as one.
        QObject::connect(&m_frame, &QTimer::timeout, &m_frame, [this] {
            const double now = tests::threadMilliseconds();
            m_frames.add(now - m_cpuAtFrame);
            m_cpuAtFrame = now;
        });
        m_clock.start();
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.start(4);
        m_frame.setTimerType(Qt::PreciseTimer);
        m_frame.start(FrameMilliseconds);
    }
    [[nodiscard]] double longest() const { return m_gaps.longest(); }
    [[nodiscard]] double p99() const { return m_gaps.p99(); }
    [[nodiscard]] double cpuOfAFrame() const { return m_frames.p99(); }

private:
    static constexpr int FrameMilliseconds = 17; // at 60 a second, rounded up

    QTimer m_timer;
    QTimer m_frame;
    QElapsedTimer m_clock;
    double m_cpuAtFrame = tests::threadMilliseconds();
    Durations m_gaps;
    Durations m_frames;
};

//! Resident memory over time, and the straight line through it.
class MemoryTrend
{
public:
    MemoryTrend()
    {
        take();
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { take(); });
        m_clock.start();
        m_timer.start(500);
    }
    //! Least squares; 0 with fewer than two looks.
    [[nodiscard]] double kilobytesAnHour() const
    {
        const auto n = static_cast<double>(m_looks.size());
        double t = 0, y = 0, tt = 0, ty = 0;
        for (const auto &[at, kilobytes] : m_looks) {
            t += at;
            y += kilobytes;
            tt += at * at;
            ty += at * kilobytes;
        }
        const double spread = n * tt - t * t;
        return spread > 0 ? (n * ty - t * y) / spread * 3600 : 0;
    }

private:
    void take()
    {
        m_looks.append({m_clock.isValid() ? static_cast<double>(m_clock.elapsed()) / 1e3 : 0.0,
                        static_cast<double>(residentKilobytes())});
    }

    QTimer m_timer;
    QElapsedTimer m_clock;
    QList<std::pair<double, double>> m_looks; //!< Seconds, kilobytes.
};

//! What a restless person and a bad network do.
class Restless
{
public:
    explicit Restless(app::Engine &engine, ui::ChatScreen &screen)
        : m_engine(engine)
        , m_screen(screen)
    {
    }

    void step()
    {
        for (std::size_t i = 0; i < Streams; ++i) {
            core::Conversation *&chat = m_chats[i];
            if (chat && chat->isRunning()) {
                if (m_random.uniform() < 0.002)
                    chat->stop();
                continue;
            }
            if (!chat || chat->path().size() > 6)
                chat = fresh(i, chat);
            ask(*chat);
        }
        if (m_random.uniform() < 0.02) {
            m_shown = m_random.bits() % Streams;
            m_screen.show(m_chats[m_shown]);
        }
    }

    int asked = 0;

private:
    core::Conversation *fresh(std::size_t i, core::Conversation *before)
    {
        const QString provider =
            i % 2 == 0 ? QStringLiteral("practice") : QStringLiteral("practice-anthropic");
        core::Conversation *chat = m_engine.conversations().create(
            core::ConversationKind::Chat,
            m_engine.accounts().target(provider, QStringLiteral("practice-fast")));
        if (m_shown == i)
            m_screen.show(chat);
        if (before) {
            before->setDeleted(true); // or a longer list would be what grows, as it should
            m_engine.conversations().close(before->id());
        }
        return chat;
    }

    void ask(core::Conversation &chat)
    {
        constexpr core::PracticeFault Faults[] = {
            core::PracticeFault::RateLimited,   core::PracticeFault::Overloaded,
            core::PracticeFault::ServerError,   core::PracticeFault::CloseInStream,
            core::PracticeFault::ResetInStream, core::PracticeFault::ErrorInStream};
        if (m_random.uniform() < 0.25) {
            core::PracticeFaultPlan plan;
            plan.fault = Faults[m_random.bits() % std::size(Faults)];
            plan.times = 1;
            plan.retryAfter = 1s;
            m_engine.practice()->controls().setFault({}, plan);
        }
        const auto sent = chat.send(QStringLiteral("Write %1 words and show a function in C++")
                                        .arg(50 + m_random.bits() % 400));
        if (!sent)
            qFatal("%s", qPrintable(sent.error().detail));
        ++asked;
    }

    app::Engine &m_engine;
    ui::ChatScreen &m_screen;
    tests::SeededRandom m_random{7};
    std::array<core::Conversation *, Streams> m_chats{};
    std::size_t m_shown = 0;
};

} // namespace

class tst_Soak : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingGrows();
};

void tst_Soak::nothingGrows()
{
    QTemporaryDir directory;
    app::EngineOptions options;
    options.profile = app::Profile::below(directory.path());
    options.demo = true;
    auto engine = app::Engine::create(options);
    QVERIFY(engine);
    (*engine)->practice()->controls().setSpeed(400);
    ui::loadIcons();
    ui::ThemeSource theme;
    theme.dress(*qApp);
    app::WindowController controller(**engine, theme);
    controller.show();
    ui::ChatScreen *screen = nullptr;
    for (QWidget *window : QApplication::topLevelWidgets()) {
        if (auto *found = window->findChild<ui::ChatScreen *>())
            screen = found;
    }
    QVERIFY(screen);

    const int seconds = soakSeconds();
    Restless restless(**engine, *screen);
    const auto runFor = [&restless](int milliseconds) {
        QElapsedTimer clock;
        clock.start();
        while (clock.elapsed() < milliseconds) {
            restless.step();
            QTest::qWait(10);
        }
    };
    qsizetype mostFiles = 0;
    {
        const DescriptorPeak peak;
        runFor(seconds * 1000 / 3); // warm-up: fonts, caches, the pools of connections
        mostFiles = peak.most();
    }
    const qint64 memoryBefore = residentKilobytes();
    const qint64 heapBefore = heapKilobytes();
    const qsizetype filesBefore = openDescriptors();
    const int askedBefore = restless.asked;
    const Heartbeat heartbeat;
    const MemoryTrend memoryTrend;
    runFor(seconds * 1000 * 2 / 3);
    const qint64 memory = residentKilobytes();
    const qint64 heap = heapKilobytes();
    const qsizetype files = openDescriptors();
    const double growth = memoryTrend.kilobytesAnHour();
    const double cpu = heartbeat.cpuOfAFrame();
    const double gap = heartbeat.longest();
    qInfo("figure: soak of %d s, %d answers, resident %lld -> %lld KB (%.0f KB an hour), "
          "heap %lld -> %lld KB, descriptors %lld -> %lld, CPU of a frame p99 %.1f ms, event loop "
          "away p99 %.1f ms, longest %.1f ms",
          seconds, restless.asked, memoryBefore, memory, growth, heapBefore, heap,
          static_cast<long long>(filesBefore), static_cast<long long>(files), cpu, heartbeat.p99(),
          gap);
    QVERIFY2(restless.asked > askedBefore, "nothing ran");
    // What only grows would be past any such slack within a minute.
    QVERIFY(files <= filesBefore + PassingFiles);
    if (HasLimits) {
        QVERIFY2(cpu <= MostCpuOfAFrame, qPrintable(QString::number(cpu)));
        QVERIFY2(gap <= LongestGap, qPrintable(QString::number(gap)));
        if (seconds >= SecondsForATrend)
            QVERIFY2(growth < MostGrowth, qPrintable(QString::number(growth)));
    }

    (*engine)->conversations().stopAll();
    QTRY_VERIFY((*engine)->conversations().running().isEmpty());
    if (HasLimits) // at rest no more is open than the warm-up ever had: nothing that was used stays
        QTRY_VERIFY2(openDescriptors() <= mostFiles, qPrintable(QString::number(mostFiles)));
    QFuture<core::Result<core::Done>> drained = (*engine)->store().journal().drained();
    QTRY_VERIFY(drained.isFinished());
    // Every attempt is closed: none open, none without an outcome.
    QFuture<core::Result<qint64>> open =
        (*engine)->store().read<qint64>([](const QString &connection) -> core::Result<qint64> {
            QSqlQuery query(QSqlDatabase::database(connection, false));
            if (!query.exec(
                    QStringLiteral("SELECT count(*) FROM attempt WHERE outcome = 'open'")) ||
                !query.next())
                return core::Error();
            return query.value(0).toLongLong();
        });
    QTRY_VERIFY(open.isFinished());
    QVERIFY(open.result());
    QCOMPARE(*open.result(), 0);
}

QTEST_MAIN(tst_Soak)
#include "tst_soak.moc"
