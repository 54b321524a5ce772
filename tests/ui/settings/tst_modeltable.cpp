#include "ui/settings/modeltable.h"

#include <QSignalSpy>
#include <QTest>

using namespace core;

//! What Settings says of a provider's models.
class tst_ModelTable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rows_data();
    void rows();
    void narrowTablesDropColumns_data();
    void narrowTablesDropColumns();
    void untickingTellsTheModel();
    void tickLeavesTheRowsAlone();

private:
    [[nodiscard]] static ModelChoice choice(const char *model);
    [[nodiscard]] static QStringList shownHeads(const ui::ModelTable &table);

    ui::ThemeSource m_theme{ui::Appearance::Light};
};

ModelChoice tst_ModelTable::choice(const char *model)
{
    ModelChoice made;
    made.target.model = QString::fromLatin1(model);
    made.name = made.target.model;
    return made;
}

QStringList tst_ModelTable::shownHeads(const ui::ModelTable &table)
{
    QStringList heads;
    for (int column = 0; column < table.model()->columnCount(); ++column) {
        if (!table.isColumnHidden(column))
            heads.append(table.model()->headerData(column, Qt::Horizontal).toString());
    }
    return heads;
}

void tst_ModelTable::rows_data()
{
    QTest::addColumn<ModelChoice>("model");
    QTest::addColumn<QString>("row");

    QTest::newRow("nothing-known") << choice("m") << QStringLiteral("m|–|–|–|–|–|–");
    ModelChoice whole = choice("m");
    whole.images = whole.tools = true;
    whole.documents = whole.reasoning = false;
    whole.contextTokens = 200'000;
    whole.inputPerMillion = PicoUsd(3 * PicoUsd::PerDollar);
    whole.cachedPerMillion = PicoUsd(3 * PicoUsd::PerDollar / 10);
    whole.outputPerMillion = PicoUsd(15 * PicoUsd::PerDollar);
    whole.priceFrom = PriceOrigin::Catalogue;
    QTest::newRow("all-known") << whole
                               << QStringLiteral("m|images, tools|200k|3.00|0.30|15.00|catalogue");
    ModelChoice text = choice("m");
    text.images = false;
    QTest::newRow("takes-text-only") << text << QStringLiteral("m|text only|–|–|–|–|–");
    ModelChoice free = choice("m");
    free.inputPerMillion = free.outputPerMillion = PicoUsd();
    free.priceFrom = PriceOrigin::User;
    QTest::newRow("free-by-the-user") << free << QStringLiteral("m|–|–|0.00|–|0.00|your own");
    ModelChoice borrowed = choice("m");
    borrowed.inputPerMillion = PicoUsd(PicoUsd::PerDollar);
    borrowed.priceFrom = PriceOrigin::OtherProvider;
    QTest::newRow("price-of-its-maker") << borrowed << QStringLiteral("m|–|–|1.00|–|–|its maker's");
}

void tst_ModelTable::rows()
{
    QFETCH(const ModelChoice, model);
    ui::ModelTable table(m_theme);
    table.setModels({model});
    QStringList cells;
    for (int column = 0; column < table.model()->columnCount(); ++column)
        cells.append(table.model()->index(0, column).data().toString());
    QTEST(cells.join(QLatin1Char('|')), "row");
}

void tst_ModelTable::narrowTablesDropColumns_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<bool>("knowsAbilities");
    QTest::addColumn<QString>("heads");
    QTest::newRow("wide") << 1200 << true
                          << QStringLiteral(
                                 "Model|Takes|Context|Input $/M|Cached|Output $/M|Price from");
    QTest::newRow("wide-nothing-known-of-them")
        << 1200 << false << QStringLiteral("Model|Context|Input $/M|Cached|Output $/M|Price from");
    QTest::newRow("narrowest") << 120 << true << QStringLiteral("Model|Input $/M|Output $/M");
}

void tst_ModelTable::narrowTablesDropColumns()
{
    QFETCH(const int, width);
    QFETCH(const bool, knowsAbilities);
    ModelChoice model = choice("m");
    if (knowsAbilities)
        model.images = true;
    ui::ModelTable table(m_theme);
    table.resize(40, 200);
    table.show();
    table.setModels({model});
    table.resize(width, 200);
    QTRY_COMPARE(table.width(), width);
    QTEST(shownHeads(table).join(QLatin1Char('|')), "heads");
    table.resize(1200, 200); // and back
    QTRY_VERIFY(shownHeads(table).contains(QStringLiteral("Price from")));
}

void tst_ModelTable::untickingTellsTheModel()
{
    ui::ModelTable table(m_theme);
    QSignalSpy said(&table, &ui::ModelTable::wantedChanged);
    ModelChoice out = choice("b");
    out.wanted = false;
    table.setModels({choice("a"), out});
    QCOMPARE(said.count(), 0); // it was no user
    const auto state = [&table](int row) {
        return table.model()->index(row, 0).data(Qt::CheckStateRole).toInt();
    };
    QCOMPARE(state(0), int(Qt::Checked));
    QCOMPARE(state(1), int(Qt::Unchecked));
    table.resize(600, 200);
    table.show();
    table.setFocus();
    table.setCurrentIndex(table.model()->index(0, 0));
    QTest::keyClick(&table, Qt::Key_Space);
    QCOMPARE(said.takeFirst(), (QVariantList{QStringLiteral("a"), false}));
    table.setFilter(QStringLiteral("b")); // another row stands first now
    table.setCurrentIndex(table.model()->index(0, 0));
    QTest::keyClick(&table, Qt::Key_Space);
    QCOMPARE(said.takeFirst(), (QVariantList{QStringLiteral("b"), true}));
    QVERIFY(said.isEmpty());
}

void tst_ModelTable::tickLeavesTheRowsAlone()
{
    ui::ModelTable table(m_theme);
    table.setModels({choice("a"), choice("b")});
    table.setCurrentIndex(table.model()->index(1, 0));
    QSignalSpy reset(table.model(), &QAbstractItemModel::modelReset);
    QSignalSpy removed(table.model(), &QAbstractItemModel::rowsRemoved);
    ModelChoice out = choice("b");
    out.wanted = false;
    table.setModels({choice("a"), out});
    QCOMPARE(table.model()->index(1, 0).data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
    QCOMPARE(table.currentIndex().row(), 1);
    QCOMPARE(reset.count() + removed.count(), 0);
    table.setModels({choice("a"), out, choice("c")});
    QCOMPARE(table.model()->rowCount(), 3);
}

QTEST_MAIN(tst_ModelTable)
#include "tst_modeltable.moc"
