// Makes resources/prices.json from the npm package @pydantic/genai-prices (MIT), in the format of
// the price catalogue: decimal strings of US dollars per million tokens, one model a line.
//   npm ci && npm run prices
// Whatever the format cannot say is left out and named on standard error: never guessed.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const folder = join(dirname(require.resolve('@pydantic/genai-prices')), '..');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const bundle = readFileSync(join(folder, 'dist/index.js'), 'utf8');

// Day the pinned version was published (npm view @pydantic/genai-prices time): the last day on
// which its maintainers can have looked at a price. The package drops their per-model dates.
const published = { '0.1.8': '2026-09-23' }[manifest.version];
if (!published) throw new Error(`Add the publication day of ${manifest.version}`);

const providers = [
  { id: 'openai', from: 'openai', otel: 'openai', hosts: ['api.openai.com', '*.api.openai.com'] },
  { id: 'anthropic', from: 'anthropic', otel: 'anthropic', hosts: ['api.anthropic.com'] },
  { id: 'google', from: 'google', otel: 'gcp.gemini', hosts: ['generativelanguage.googleapis.com', 'aiplatform.googleapis.com', '*-aiplatform.googleapis.com'],
    strip: ['models/', 'publishers/google/models/'], follows: ['anthropic'] },
  { id: 'cohere', from: 'cohere', otel: 'cohere', hosts: ['api.cohere.com', 'api.cohere.ai'] },
  { id: 'azure', from: 'azure', otel: 'azure.ai.openai', hosts: ['*.openai.azure.com', '*.cognitiveservices.azure.com', '*.services.ai.azure.com', '*.azure-api.net'],
    follows: ['openai', 'anthropic', 'deepseek', 'xai'] },
  { id: 'bedrock', from: 'aws', otel: 'aws.bedrock', hosts: ['bedrock-runtime.*.amazonaws.com', 'bedrock-runtime-fips.*.amazonaws.com', '*.bedrock-runtime.*.vpce.amazonaws.com'],
    strip: ['arn:aws'] },
  { id: 'openrouter', from: 'openrouter', otel: 'openrouter', hosts: ['openrouter.ai', 'api.openrouter.ai'] },
  { id: 'groq', from: 'groq', otel: 'groq', hosts: ['api.groq.com'] },
  { id: 'mistral', from: 'mistral', otel: 'mistral_ai', hosts: ['api.mistral.ai'] },
  { id: 'deepseek', from: 'deepseek', otel: 'deepseek', hosts: ['api.deepseek.com'] },
  { id: 'xai', from: 'x-ai', otel: 'x_ai', hosts: ['api.x.ai', '*.api.x.ai'] },
];

const rateKeys = {
  input_mtok: 'input', input_audio_mtok: 'input_audio', input_image_mtok: 'input_image',
  input_video_mtok: 'input_video', cache_read_mtok: 'cache_read',
  cache_audio_read_mtok: 'cache_read_audio', cache_write_mtok: 'cache_write',
  cache_write_5m_mtok: 'cache_write_5m', cache_write_1h_mtok: 'cache_write_1h',
  output_mtok: 'output', output_reasoning_mtok: 'output_reasoning', output_audio_mtok: 'output_audio',
  output_image_mtok: 'output_image', output_video_mtok: 'output_video',
  output_citation_mtok: 'output_citation',
};
const feeKeys = { web_searches_kcount: 'web_search', storage_searches_kcount: 'file_search', requests_kcount: 'request' };

const dropped = new Map();
const drop = (what, where) => dropped.set(what, [...(dropped.get(what) ?? []), where]);

// The package's code holds its data in the first array literal of the bundle; nothing exports it.
function packagedProviders() {
  const start = bundle.indexOf('[');
  const end = bundle.indexOf('\n]', start) + 2;
  return new Function(`return ${bundle.slice(start, end)}`)();
}

// Numbers in the package are decimals that went through a double: at most six decimals are meant.
function decimal(value, where) {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > 10000) {
    drop('value out of range', where);
    return undefined;
  }
  const text = value.toFixed(6);
  if (Math.abs(Number(text) - value) > 1e-9 * Math.max(value, 1e-6)) {
    drop('more than six decimals', where);
    return undefined;
  }
  return text.replace(/\.?0+$/, '');
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

// The source asks rules in the order of its models; ours rank exact, prefix, suffix, then the rest.
function asRegex(rule) {
  if (rule.and) return rule.and.map((part) => `(?=${asRegex(part)})`).join('');
  if (rule.or) return `(?:${rule.or.map(asRegex).join('|')})`;
  if (rule.regex) return rule.regex.startsWith('^') ? rule.regex : `^.*(?:${rule.regex})`;
  if (rule.equals) return `^${escaped(rule.equals)}$`;
  if (rule.starts_with) return `^${escaped(rule.starts_with)}`;
  if (rule.ends_with) return `^.*${escaped(rule.ends_with)}$`;
  return `^.*${escaped(rule.contains)}`;
}
function matches(rule) {
  if (rule.or) return rule.or.flatMap(matches);
  if (rule.equals) return [{ exact: rule.equals }];
  if (rule.starts_with) return [{ prefix: rule.starts_with }];
  if (rule.ends_with) return [{ suffix: rule.ends_with }];
  if (rule.contains) return [{ contains: rule.contains }];
  return [{ regex: asRegex(rule) }];
}

function ratesOf(prices, where) {
  const rates = {}, tiers = new Map(), fees = [];
  for (const [key, value] of Object.entries(prices)) {
    const rate = rateKeys[key];
    if (rate) {
      const base = decimal(typeof value === 'object' ? value.base : value, where);
      if (base !== undefined) rates[rate] = base;
      for (const tier of value.tiers ?? []) {
        const above = decimal(tier.price, where);
        if (above !== undefined) tiers.set(tier.start, { ...tiers.get(tier.start), [rate]: above });
      }
    } else if (feeKeys[key]) {
      const usd = decimal(value, where);
      if (usd !== undefined) fees.push({ unit: feeKeys[key], per: 1000, usd });
    } else {
      drop(key, where);
    }
  }
  // Where a price for an hour's keeping stands beside it, the plain write price is the one for five minutes.
  for (const set of [rates, ...tiers.values()]) {
    if (set.cache_write && set.cache_write_1h && !set.cache_write_5m) set.cache_write_5m = set.cache_write;
  }
  return { rates, tiers, fees };
}

function sameRates(a, b) {
  return JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
}

function cardOf(entry, from, to, where) {
  const { rates, tiers, fees } = ratesOf(entry.prices, where);
  if (!Object.keys(rates).length && !fees.length) return undefined;
  const card = { id: `${where}@${from ?? 'start'}`, from, to, rates };
  if (tiers.size) {
    card.context_tiers = [...tiers].sort(([a], [b]) => a - b).map(([above, set]) => (
      { above, inclusive: false, scope: 'whole_request', counts: ['input'], rates: set }));
  }
  if (fees.length) card.fees = fees;
  return card;
}

const clock = (text) => text.slice(0, 5);

// A list of conditional prices: the last whose condition holds is in force. Day conditions become
// cards that end where the next begins, hours of the day a schedule of the cards they fall into.
function cardsOf(model, where) {
  const list = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  const dated = list.filter((entry) => !entry.constraint || entry.constraint.start_date)
    .sort((a, b) => (a.constraint?.start_date ?? '').localeCompare(b.constraint?.start_date ?? ''));
  const cards = dated.map((entry, index) => cardOf(entry, entry.constraint?.start_date ?? null,
    dated[index + 1]?.constraint.start_date ?? null, where)).filter(Boolean);
  for (const entry of list.filter((one) => one.constraint?.start_time)) {
    const { start_time, end_time } = entry.constraint;
    if (!start_time.endsWith('Z') || !end_time.endsWith('Z')) {
      drop('schedule outside UTC', where);
      continue;
    }
    const { rates } = ratesOf(entry.prices, where);
    for (const card of cards) {
      if (!sameRates(rates, card.rates)) {
        card.schedule = [...(card.schedule ?? []), { utc: [`${clock(start_time)}-${clock(end_time)}`], rates }];
      }
    }
  }
  return cards;
}

function modelOf(model, provider) {
  const cards = cardsOf(model, `${provider}/${model.id}`);
  if (!cards.length) return undefined;
  const entry = { id: model.id, name: model.name, match: matches(model.match) };
  if (model.context_window) entry.limits = { context: model.context_window };
  entry.rate_cards = cards;
  return entry;
}

// What two models claim alike goes to the first, as in the source.
function withoutDoubles(models, provider) {
  const seen = new Set();
  for (const model of models) {
    model.match = model.match.filter((rule) => {
      const key = JSON.stringify(rule).toLowerCase();
      if (seen.has(key)) return drop('rule claimed twice', `${provider}/${model.id}`) ?? false;
      return seen.add(key);
    });
  }
  return models.filter((model) => model.match.length);
}

const source = packagedProviders();
const lines = providers.map((row) => {
  const provider = source.find((one) => one.id === row.from);
  const head = { id: row.id, otel_name: row.otel, hosts: row.hosts, pricing_page: provider.pricing_urls?.[0] };
  if (row.strip) head.strip = row.strip;
  if (row.follows) head.aliases_follow = row.follows;
  const models = withoutDoubles(provider.models.map((model) => modelOf(model, row.id)).filter(Boolean), row.id);
  const body = models.map((model) => JSON.stringify(model)).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},"models":[\n${body}\n]}`;
});

// The practice provider's money is simulated, but a cost has to be seen: rates like those of a small,
// a middle and a large model. Their owner is core/practice/practicemodel.cpp.
const practice = [['practice-fast', 'Practice Fast', '0.1', '0.4'], ['practice-steady', 'Practice Steady', '1', '5'],
  ['practice-thinker', 'Practice Thinker', '3', '15']].map(([id, name, input, output]) => JSON.stringify({
  id, name, match: [{ exact: id }], limits: { context: 128000 },
  rate_cards: [{ id: `practice/${id}@start`, from: null, to: null, rates: { input, output } }] }));
lines.push(`{"id":"practice","otel_name":"farthing.practice","hosts":[],"models":[\n${practice.join(',\n')}\n]}`);

const head = {
  format: 'llm-price-catalogue', format_version: 1, version: `genai-prices-${manifest.version}`,
  generated_at: `${published}T00:00:00Z`, checked_on: published, currency: 'USD',
  sources: [{ id: 'genai-prices', url: `https://www.npmjs.com/package/@pydantic/genai-prices/v/${manifest.version}`,
    license: 'MIT', copyright: 'see prices.LICENSE', retrieved_at: published, revision: manifest.version,
    sha256: createHash('sha256').update(bundle).digest('hex') }],
};
process.stdout.write(`${JSON.stringify(head).slice(0, -1)},"providers":[\n${lines.join(',\n')}\n]}\n`);
for (const [what, where] of dropped) {
  process.stderr.write(`left out: ${what} (${where.length}): ${[...new Set(where)].slice(0, 8).join(', ')}\n`);
}
