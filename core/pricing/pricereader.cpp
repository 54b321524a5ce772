#include "core/pricing/pricereader.h"

#include <QJsonDocument>

#include <algorithm>

namespace core {

namespace {

constexpr qsizetype MaxFileBytes = 32 * 1024 * 1024;

} // namespace

bool PriceReader::checkSpans(QList<std::shared_ptr<const RateCard>> &cards)
{
    std::sort(cards.begin(), cards.end(),
              [](const auto &a, const auto &b) { return a->from < b->from; });
    for (qsizetype i = 1; i < cards.size(); ++i) {
        const auto &to = cards.at(i - 1)->to;
        const auto &from = cards.at(i)->from;
        if (!to || !from || *to > *from)
            return refuse(QStringLiteral("rate cards overlap in time"));
    }
    return true;
}

bool PriceReader::readText(const QString &kind, const QString &text, qsizetype model,
                           PriceTable::Provider &provider)
{
    const auto claim = [&](QHash<QString, qsizetype> &taken) {
        if (taken.contains(text) && taken.value(text) != model)
            return refuse(QStringLiteral("two models claim %1 '%2'").arg(kind, text.left(80)));
        taken.insert(text, model);
        return true;
    };
    if (kind == QLatin1StringView("exact"))
        return claim(provider.exact);
    if (kind == QLatin1StringView("prefix"))
        return claim(provider.prefixes);
    if (kind == QLatin1StringView("suffix")) {
        provider.suffixes.append({text, model});
        return true;
    }
    if (kind == QLatin1StringView("contains")) {
        provider.others.append({text, {}, model});
        return true;
    }
    return refuse(QStringLiteral("unknown rule '%1'").arg(kind.left(40)));
}

bool PriceReader::readRule(const QJsonObject &rule, qsizetype model, PriceTable::Provider &provider)
{
    const QString text = rule.isEmpty() ? QString() : rule.begin()->toString();
    if (rule.size() != 1 || text.isEmpty())
        return refuse(QStringLiteral("a rule is one kind with one text"));
    if (rule.begin().key() != QLatin1StringView("regex"))
        return readText(rule.begin().key(), text.toLower(), model, provider);
    const QRegularExpression expression(text, QRegularExpression::CaseInsensitiveOption);
    if (!expression.isValid())
        return refuse(QStringLiteral("rule '%1' is no expression").arg(text.left(80)));
    provider.others.append({{}, expression, model});
    return true;
}

//! The id of the model that it stands for, or a list of such ids each with its span of time.
bool PriceReader::readAlias(const QJsonValue &value, PriceTable::Model &model)
{
    if (value.isString() && !value.toString().isEmpty()) {
        model.movingAlias.append({value.toString(), {}, {}});
        return true;
    }
    return forEach(value, "moving_alias_of", [&](const QJsonObject &row) {
        PriceTable::Alias alias{row.value(QStringLiteral("id")).toString(), {}, {}};
        if (alias.model.isEmpty())
            return refuse(QStringLiteral("alias of no model"));
        if (!readTime(row.value(QStringLiteral("from")), alias.from) ||
            !readTime(row.value(QStringLiteral("to")), alias.to))
            return false;
        model.movingAlias.append(alias);
        return true;
    });
}

//! What else is told of a model. Left out on purpose: `tokenizer`, since only what stands in
//! modelencoding.cpp may be called an exact count; the successor in `life`; `family`.
bool PriceReader::readFacts(const QJsonObject &row, PriceTable::Model &model)
{
    const auto limit = [&](const char *key, std::optional<std::int64_t> &tokens) {
        const QJsonValue value =
            row.value(QStringLiteral("limits")).toObject().value(QLatin1StringView(key));
        if (!isAbsent(value))
            tokens = wholeNumber(value);
        return isAbsent(value) || tokens.has_value() ||
               refuse(QStringLiteral("%1 limit is no count").arg(QLatin1StringView(key)));
    };
    const QJsonValue kind = row.value(QStringLiteral("kind"));
    if (!isAbsent(kind) && !kind.isString())
        return refuse(QStringLiteral("kind is no text"));
    model.chats = isAbsent(kind) || kind.toString() == QLatin1StringView("chat");
    const QJsonValue life = row.value(QStringLiteral("life"));
    if (!isAbsent(life) && !life.isObject())
        return refuse(QStringLiteral("life is no object"));
    return limit("context", model.contextLimit) && limit("max_output", model.outputLimit) &&
           readTime(life.toObject().value(QStringLiteral("retired_on")), model.retiredOn);
}

bool PriceReader::readModel(const QJsonObject &row, PriceTable::Provider &provider)
{
    PriceTable::Model model;
    model.id = row.value(QStringLiteral("id")).toString();
    m_row = provider.id + QLatin1Char('/') + model.id;
    if (model.id.isEmpty())
        return refuse(QStringLiteral("model without id"));
    if (m_modelIds.contains(m_row))
        return refuse(QStringLiteral("model stands twice"));
    m_modelIds.insert(m_row);
    model.name = row.value(QStringLiteral("name")).toString();
    if (!readFacts(row, model))
        return false;
    const bool read = forEach(row.value(QStringLiteral("rate_cards")), "rate_cards",
                              [&](const QJsonObject &cardRow) {
                                  const auto card = std::make_shared<RateCard>();
                                  if (!readCard(cardRow, *card))
                                      return false;
                                  model.cards.append(card);
                                  return true;
                              });
    if (!read || !checkSpans(model.cards) ||
        !readAlias(row.value(QStringLiteral("moving_alias_of")), model) ||
        !readTexts(row.value(QStringLiteral("strip")), "strip", model.strip))
        return false;
    for (QString &decoration : model.strip)
        decoration = decoration.toLower();
    const qsizetype index = provider.models.size();
    const QJsonValue rules = row.value(QStringLiteral("match"));
    const bool isPriced = !model.cards.isEmpty() || !model.movingAlias.isEmpty();
    if (!isPriced || rules.toArray().isEmpty())
        return refuse(QStringLiteral("model without rate cards or rules"));
    provider.models.append(model);
    return forEach(rules, "match",
                   [&](const QJsonObject &rule) { return readRule(rule, index, provider); });
}

bool PriceReader::readHosts(const QJsonValue &value, PriceTable::Provider &provider)
{
    QStringList patterns;
    if (!readTexts(value, "hosts", patterns))
        return false;
    const auto expressionOf = [](const QString &pattern) {
        QStringList parts = pattern.split(QLatin1Char('*'));
        for (QString &part : parts)
            part = QRegularExpression::escape(part);
        return QRegularExpression(QRegularExpression::anchoredPattern(
            parts.join(QStringLiteral("([^.]+)")))); // a star is one label or a part of one
    };
    for (QString &pattern : patterns) {
        pattern = pattern.trimmed().toLower();
        if (pattern.isEmpty() || pattern.contains(QLatin1Char('/')))
            return refuse(QStringLiteral("'%1' is no host").arg(pattern.left(80)));
        // "bedrock.*.example" has the region inside, "*.api.example" before a host that has none;
        // in front of all else ("*.azure.example") stands what a customer chose.
        const qsizetype star = pattern.lastIndexOf(QLatin1Char('*'));
        const bool tellsRegion = star > 0 || (star == 0 && patterns.contains(pattern.mid(2)));
        provider.hosts.append({pattern, expressionOf(pattern), tellsRegion});
    }
    return true;
}

bool PriceReader::readProvider(const QJsonObject &row)
{
    PriceTable::Provider provider;
    provider.id = row.value(QStringLiteral("id")).toString();
    m_row = provider.id;
    if (provider.id.isEmpty() || m_table->providers.contains(provider.id))
        return refuse(QStringLiteral("provider without id, or twice"));
    const QJsonValue follows = row.value(QStringLiteral("aliases_follow"));
    if (follows.isString())
        provider.follows = {follows.toString()};
    else if (!readTexts(follows, "aliases_follow", provider.follows))
        return false;
    if (!readTexts(row.value(QStringLiteral("strip")), "strip", provider.strip))
        return false;
    for (QString &decoration : provider.strip)
        decoration = decoration.toLower();
    if (!readHosts(row.value(QStringLiteral("hosts")), provider))
        return false;
    if (!row.value(QStringLiteral("models")).isArray())
        return refuse(QStringLiteral("provider without models"));
    const auto readOne = [&](const QJsonObject &model) { return readModel(model, provider); };
    if (!forEach(row.value(QStringLiteral("models")), "models", readOne))
        return false;
    QSet<qsizetype> lengths;
    for (auto it = provider.prefixes.cbegin(); it != provider.prefixes.cend(); ++it)
        lengths.insert(it.key().size());
    provider.prefixLengths = lengths.values();
    std::sort(provider.prefixLengths.begin(), provider.prefixLengths.end(), std::greater<>());
    std::stable_sort(provider.suffixes.begin(), provider.suffixes.end(),
                     [](const auto &a, const auto &b) { return a.text.size() > b.text.size(); });
    m_table->providers.insert(provider.id, provider);
    return true;
}

Result<std::shared_ptr<const PriceTable>> PriceReader::read(const QByteArray &json)
{
    const auto failed = [](const QString &why) {
        return rejected(QStringLiteral("price catalogue refused: ") + why);
    };
    if (json.size() > MaxFileBytes)
        return failed(QStringLiteral("larger than 32 MiB"));
    QJsonParseError parseError;
    const QJsonObject root = QJsonDocument::fromJson(json, &parseError).object();
    if (parseError.error != QJsonParseError::NoError)
        return failed(QStringLiteral("no JSON at byte %1").arg(parseError.offset));
    if (root.value(QStringLiteral("format")) != QStringLiteral("llm-price-catalogue") ||
        root.value(QStringLiteral("format_version")) != 1 ||
        root.value(QStringLiteral("currency")) != QStringLiteral("USD"))
        return failed(QStringLiteral("not a price catalogue of version 1 in USD"));
    m_table->version = root.value(QStringLiteral("version")).toString();
    const QJsonValue providers = root.value(QStringLiteral("providers"));
    const auto readOne = [this](const QJsonObject &row) { return readProvider(row); };
    if (m_table->version.isEmpty() || providers.toArray().isEmpty())
        return failed(QStringLiteral("no version or no providers"));
    if (!readTime(root.value(QStringLiteral("checked_on")), m_table->checkedOn) ||
        !forEach(providers, "providers", readOne))
        return failed(m_fault);
    return std::shared_ptr<const PriceTable>(m_table);
}

} // namespace core
