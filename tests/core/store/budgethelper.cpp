// A process for tst_budgetkills: sets money aside, "sends", settles, over and over, against the
// budgets of the profile, and says what it is about to do. It waits to be killed.
#include "tests/core/store/storefixture.h"
#include "tests/core/store/tellparent.h"
#include "tests/support/seededrandom.h"

#include <QCoreApplication>
#include <QElapsedTimer>

using namespace core;
using namespace tests;

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    if (argc != 3)
        return 2;
    StoreFixture fixture(QString::fromLocal8Bit(argv[1]));
    SeededRandom random(QByteArray(argv[2]).toULongLong());
    const auto store = fixture.open(SessionKind::Verb);
    const auto upTo = [&random](std::int64_t most) {
        return static_cast<std::int64_t>(random.uniform() * static_cast<double>(most));
    };
    while (true) {
        const std::int64_t request = fixture.ids.next();
        AttemptOpening opening = fixture.opening(request);
        const std::int64_t most = 1 + upTo(1'000'000);
        opening.worstCase = {PicoUsd(), PicoUsd(most), true};
        opening.reservation.money = PicoUsd(most);
        tellParent("reserve");
        QElapsedTimer reserving;
        reserving.start();
        const auto opened = store->journal().openRequest(request, {}, opening);
        if (!QTest::qWaitFor([&opened] { return opened.isFinished(); }, 60'000))
            return 3;
        if (!opened.result()) {
            if (opened.result().error().kind != ErrorKind::BudgetExceeded)
                return 4;
            tellParent("refused");
            QTest::qWait(1);
            continue;
        }
        tellParent("send");
        // As long as reserving, however slow the disk is: a kill then meets each moment.
        QTest::qWait(static_cast<int>(upTo(4 + 2 * reserving.elapsed())));
        AttemptRecord record = fixture.closing(opening);
        record.cost.lines.clear();
        // Cancelled before it was sent, a range, exact, or unknown.
        const PicoUsd high(random.uniform() < 0.2 ? 0 : upTo(most));
        record.cost.total = {PicoUsd(high.count() / 2), high, random.uniform() < 0.9};
        tellParent("settle");
        store->journal().closeAttempt(record);
        store->journal().closeRequest(request, RequestState::Completed, {});
        if (!awaited(store->journal().drained()))
            return 5;
    }
}
