#include "tests/ui/settings/settingsbench.h"
#include "ui/settings/limitfields.h"
#include "ui/settings/providerrow.h"

#include <QSignalSpy>
#include <QTableView>

using namespace core;
using namespace std::chrono_literals;
using tests::Azure;
using tests::SettingsBench;

//! Fields of a provider's page beside its key: limits, which models are offered, who signed in.
class tst_ProviderFields : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void limits_data();
    void limits();
    void limitIsSavedOnLeavingWithUndo();
    void wrongLimitIsRefused();
    void limitsAreOfTheProviderShown();
    void whatTheProviderReportsIsSaid();
    void untickedModelIsNotOffered();
    void whoSignedInIsSaid();
    void listTellsHealthByEvidence();

private:
    const QString m_groq = QStringLiteral("groq");
    static void enter(const SettingsBench &bench, const char *name, const QString &text)
    {
        bench.type(name, text);
        auto *field = bench.find<QLineEdit>(name);
        if (text.isEmpty())
            QTest::keyClick(field, Qt::Key_Delete); // what type() selected
        QTest::keyClick(field, Qt::Key_Tab);
    }
};

void tst_ProviderFields::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
}

void tst_ProviderFields::limits_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<std::optional<std::int64_t>>("limit");
    const auto row = [](const char *text, std::optional<std::int64_t> limit) {
        QTest::newRow(text) << QString::fromUtf8(text) << limit;
    };
    row("50", 50);
    row(" 400,000 ", 400'000);
    row("400 000", 400'000);
    row("1.000.000", 1'000'000);
    row("1000000000", 1'000'000'000);
    row("1000000001", {});
    row("99999999999999999999", {});
    row("0", {});
    row("-5", {});
    row("1.5", {});
    row("50k", {});
    row("4,00", {});
    row("many", {});
}

void tst_ProviderFields::limits()
{
    QFETCH(const QString, text);
    QFETCH(const std::optional<std::int64_t>, limit);
    QCOMPARE(ui::limitFrom(text), limit);
}

void tst_ProviderFields::limitIsSavedOnLeavingWithUndo()
{
    SettingsBench bench;
    bench.screen->showProvider(m_groq);
    enter(bench, "requestsPerMinute", QStringLiteral("50"));
    enter(bench, "tokensPerMinute", QStringLiteral("400000"));
    QCOMPARE(bench.notes->limits(m_groq), (OwnLimits{50, 400'000}));
    QCOMPARE(bench.find<QLineEdit>("tokensPerMinute")->text(), QStringLiteral("400,000"));
    bench.click("requestsPerMinute-undo");
    QCOMPARE(bench.notes->limits(m_groq), (OwnLimits{{}, 400'000}));
    QCOMPARE(bench.find<QLineEdit>("requestsPerMinute")->text(), QString());
    enter(bench, "tokensPerMinute", QString()); // empty: as the provider says
    QCOMPARE(bench.notes->limits(m_groq), OwnLimits());
}

void tst_ProviderFields::wrongLimitIsRefused()
{
    SettingsBench bench;
    bench.screen->showProvider(m_groq);
    enter(bench, "requestsPerMinute", QStringLiteral("fifty"));
    QVERIFY(bench.shows("requestsPerMinute-fault"));
    QCOMPARE(bench.find<QLineEdit>("requestsPerMinute")->text(), QStringLiteral("fifty"));
    QCOMPARE(bench.notes->limits(m_groq), OwnLimits());
}

void tst_ProviderFields::limitsAreOfTheProviderShown()
{
    SettingsBench bench;
    bench.screen->showProvider(m_groq);
    enter(bench, "requestsPerMinute", QStringLiteral("50"));
    bench.screen->showProvider(QStringLiteral("anthropic"));
    QCOMPARE(bench.find<QLineEdit>("requestsPerMinute")->text(), QString());
    QVERIFY(!bench.shows("requestsPerMinute-undo"));
    bench.screen->showProvider(m_groq);
    QCOMPARE(bench.find<QLineEdit>("requestsPerMinute")->text(), QStringLiteral("50"));
    // It holds requests back from now on.
    const Target target = bench.accounts->target(m_groq, QStringLiteral("m"));
    enter(bench, "requestsPerMinute", QStringLiteral("1"));
    const auto first = bench.traffic.join(target, Urgency::Chat, 1, 1);
    const auto second = bench.traffic.join(target, Urgency::Chat, 1, 1);
    QVERIFY(first->isOpen());
    QVERIFY(!second->isOpen());
}

void tst_ProviderFields::whatTheProviderReportsIsSaid()
{
    SettingsBench bench;
    bench.screen->showProvider(m_groq);
    const auto note = [&bench](const char *name) {
        return bench.find<QLineEdit>(name)->accessibleDescription();
    };
    QVERIFY(!note("requestsPerMinute").contains(QStringLiteral("reports")));
    const auto answer = [&](const char *model, std::int64_t requests) {
        ResponseFacts facts;
        facts.requests.limit = requests;
        facts.tokens.limit = 400'000;
        const auto passage = bench.traffic.join(
            bench.accounts->target(m_groq, QString::fromLatin1(model)), Urgency::Chat, 1, 1);
        passage->begin();
        passage->learn(facts);
        passage->end({CircuitBreaker::Outcome::Success, true, {}, {}, {}});
    };
    answer("a", 4'000);
    bench.screen->showProvider(m_groq);
    QVERIFY(note("requestsPerMinute").endsWith(QStringLiteral("The provider reports 4,000.")));
    answer("b", 50);
    bench.screen->showProvider(m_groq);
    QVERIFY(note("requestsPerMinute")
                .endsWith(QStringLiteral("reports 50 to 4,000, depending on the model.")));
    QCOMPARE(note("tokensPerMinute"), QStringLiteral("The provider reports 400,000."));
}

void tst_ProviderFields::untickedModelIsNotOffered()
{
    SettingsBench bench;
    bench.screen->showProvider(m_groq);
    auto *table = bench.find<QTableView>("modelTable");
    const QString model = bench.models->choicesOf(m_groq).first().target.model;
    const auto isOffered = [&] {
        for (const ModelChoice &choice : bench.models->choices()) {
            if (choice.target.provider == m_groq && choice.target.model == model)
                return true;
        }
        return false;
    };
    QVERIFY(isOffered());
    table->setFocus();
    table->setCurrentIndex(table->model()->index(0, 0));
    QTest::keyClick(table, Qt::Key_Space);
    QCOMPARE(bench.lists->unwanted(m_groq), QSet<QString>{model});
    QVERIFY(!isOffered());
    QCOMPARE(table->currentIndex().row(), 0); // the reader stays where he was
    QTest::keyClick(table, Qt::Key_Space);
    QVERIFY(isOffered());
    QVERIFY(bench.lists->unwanted(m_groq).isEmpty());
}

void tst_ProviderFields::whoSignedInIsSaid()
{
    SettingsBench bench;
    tests::ScriptedServer directory;
    bench.prepareSignIn(directory);
    bench.click("signIn");
    QTRY_VERIFY(bench.shows("codeCard"));
    const QByteArray claims =
        QByteArray(R"({"name":"<b>Ada</b>","preferred_username":"ada@contoso.com"})")
            .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    directory.setAnswer(
        "/contoso.com/oauth2/v2.0/token",
        tests::Answer::whole(200, R"({"token_type":"Bearer","expires_in":3600,)"
                                  R"("access_token":"accessCanary","refresh_token":"freshCanary",)"
                                  R"("id_token":"e30.)" +
                                      claims + R"(.c2ln"})"));
    bench.signInClock.advance(5s);
    QTRY_VERIFY(bench.accounts->accountOf(Azure).signedIn);
    QTRY_VERIFY(bench.text("signInState").contains(QStringLiteral("<b>Ada</b> (ada@contoso.com)")));
    QCOMPARE(bench.find<QLabel>("signInState")->textFormat(), Qt::PlainText);
    QVERIFY(!bench.standsInAWidget(QString::fromLatin1(claims))); // the token itself is nowhere
    bench.screen->showProvider(m_groq);
    bench.screen->showProvider(Azure);
    QVERIFY(bench.text("signInState").contains(QStringLiteral("ada@contoso.com")));
    bench.click("signOut");
    QTRY_VERIFY(bench.shows("signIn"));
    QVERIFY(!bench.text("signInState").contains(QStringLiteral("Ada")));
}

void tst_ProviderFields::listTellsHealthByEvidence()
{
    SettingsBench bench;
    const QString openai = QStringLiteral("openai");
    const auto row = [&bench](const QString &provider) {
        return ui::providerRow(*bench.registry->provider(provider), bench.parts());
    };
    QCOMPARE(row(openai).detail, QStringLiteral("No key yet"));
    QCOMPARE(row(openai).status, QString()); // nothing was asked of it
    bench.screen->showProvider(openai);
    bench.typeKey("sk-canary-0123456789abcdef");
    QTRY_VERIFY(bench.accounts->accountOf(openai).keySaved);
    QCOMPARE(row(openai).status, QStringLiteral("Not used yet"));
    QCOMPARE(row(openai).tone, ui::Tone::Neutral);
    QVERIFY(!bench.find<ui::StatusPill>("providerState")->isVisible());

    tests::StoreFixture records;
    const ConversationRecord chat = records.chat();
    const auto saved = bench.store->conversations().save(chat);
    core::UtcTime at = bench.clock.utcNow() - 10s;
    const auto attempt = [&](int status) {
        const std::int64_t request = records.ids.next();
        AttemptOpening opening = records.opening(request);
        opening.queuedAt = at += 1s;
        const RequestContext context = records.turn(chat, QStringLiteral("?"));
        const auto opened = bench.store->journal().openRequest(request, context, opening);
        AttemptRecord record = records.closing(opening);
        if (status > 0) {
            record.outcome = AttemptOutcome::Failed;
            record.error = Error();
            record.error->kind = ErrorKind::Overloaded;
            record.error->httpStatus = record.httpStatus = status;
        }
        bench.store->journal().closeAttempt(record);
        bench.store->journal().closeRequest(request, RequestState::Completed, context.answer);
    };
    attempt(0);
    QTRY_COMPARE(row(openai).status, QStringLiteral("Healthy"));
    QCOMPARE(row(openai).tone, ui::Tone::Good);
    const auto *head = bench.find<ui::StatusPill>("providerState");
    QTRY_VERIFY(head->isVisible() && head->text().startsWith(QStringLiteral("Healthy")));
    attempt(503);
    QTRY_COMPARE(row(openai).status, QStringLiteral("Unsteady"));
    QVERIFY2(row(openai).detail.contains(QStringLiteral(" \u00b7 503 at ")),
             qPrintable(row(openai).detail));
    attempt(0);
    QTRY_COMPARE(row(openai).status, QStringLiteral("Recovering"));
    QCOMPARE(row(openai).tone, ui::Tone::Warning);
}

QTEST_MAIN(tst_ProviderFields)
#include "tst_providerfields.moc"
