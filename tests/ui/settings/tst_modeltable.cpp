#include "ui/settings/modeltable.h"

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

QTEST_MAIN(tst_ModelTable)
#include "tst_modeltable.moc"
