// Captures what @pydantic/genai-prices makes of usage records, for tst_pricesagree.cpp:
//   npm ci --prefix resources/generate && node tests/core/pricing/compare.mjs > tests/data/prices/agreed.json
// The records are ours; the figures are facts that the package computed from the same table: some
// written by hand at the edges of tiers and days, and for every chat model that both know two more,
// made by a seeded generator over the kinds of tokens that the model has prices for.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../resources/generate/package.json', import.meta.url));
const { calcPrice } = require('@pydantic/genai-prices');

const sourceIds = { bedrock: 'aws', xai: 'x-ai' };
const targets = [
  ['openai', 'gpt-4o'], ['openai', 'gpt-4o-mini-2024-07-18'], ['openai', 'GPT-5-Mini'], ['openai', 'gpt-5.4'],
  ['openai', 'gpt-5.6-luna-2026-06-01'], ['openai', 'o3'],
  ['anthropic', 'claude-sonnet-4-5-20250929'], ['anthropic', 'claude-opus-4-6'], ['anthropic', 'claude-opus-5-5'],
  ['anthropic', 'claude-3-haiku-20240307'],
  ['google', 'gemini-2.5-pro'], ['google', 'gemini-2.5-flash'], ['google', 'gemini-2.0-flash'], ['google', 'gemini-3.5-flash'],
  ['cohere', 'command-a-03-2025'], ['cohere', 'command-r-plus'],
  ['azure', 'gpt-4o'], ['azure', 'gpt-4'],
  ['bedrock', 'global.anthropic.claude-opus-5'], ['bedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
  ['bedrock', 'amazon.nova-pro-v1:0'],
  ['openrouter', 'openai/gpt-5.6-luna'], ['openrouter', 'anthropic/claude-sonnet-4.5'],
  ['groq', 'llama-3.3-70b-versatile'], ['mistral', 'mistral-large-latest'], ['mistral', 'codestral-latest'],
  ['deepseek', 'deepseek-chat'], ['deepseek', 'deepseek-v4-flash'], ['xai', 'grok-4.5'],
];
const records = [
  { at: '2026-11-20T12:00:00Z', usage: { input: 1204, output: 377 } },
  { at: '2026-11-20T02:30:00Z', usage: { input: 250_001, output: 4096 } },
  { at: '2026-11-20T12:00:00Z', usage: { input: 50_000, cache_read: 45_000, output: 1 } },
  { at: '2026-11-20T12:00:00Z', usage: { input: 300_000, cache_read: 100_000, cache_write: 20_000, output: 2000 } },
  { at: '2025-06-01T20:00:00Z', usage: { input: 271_999, cache_read: 1, output: 10 } },
  { at: '2026-02-01T20:00:00Z', usage: { input: 272_000, output: 10 } },
];
const keys = {
  input: 'input_tokens', output: 'output_tokens', cache_read: 'cache_read_tokens', cache_write: 'cache_write_tokens',
  input_audio: 'input_audio_tokens', output_audio: 'output_audio_tokens',
};

const cases = [];
function capture(provider, model, at, usage) {
  const asked = Object.fromEntries(Object.entries(usage).map(([key, value]) => [keys[key], value]));
  if (usage.cache_read && usage.input_audio)
    asked.cache_audio_read_tokens = 0; // it wants to be told
  const price = calcPrice(asked, model, { providerId: sourceIds[provider] ?? provider, timestamp: new Date(at) });
  if (price)
    cases.push(JSON.stringify({ provider, model, at, usage, usd: price.total_price.toFixed(9) }));
  else
    process.stderr.write(`not priced there: ${provider}/${model}\n`);
}

for (const [provider, model] of targets) {
  for (const { at, usage } of records)
    capture(provider, model, at, usage);
}

// mulberry32: the same records each time.
let state = 20261124;
function random(below) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}

// Rates of the model at any time, tiers included: a kind without one would be a guess on both sides.
function pricedKinds(model) {
  const every = model.rate_cards.map(card => new Set(Object.keys(card.rates)));
  return new Set([...every[0]].filter(kind => every.every(kinds => kinds.has(kind))));
}

function generated(kinds) {
  const usage = { input: 1 + random(random(3) ? 20_000 : 400_000) };
  let left = usage.input;
  for (const kind of ['cache_read', 'cache_write', 'input_audio']) {
    if (!kinds.has(kind) || !random(3))
      continue;
    usage[kind] = random(left + 1);
    left -= usage[kind];
  }
  usage.output = 1 + random(16_000);
  if (kinds.has('output_audio') && random(3))
    usage.output_audio = random(usage.output + 1);
  return usage;
}

// An id that the model goes by: not every canonical one is.
function nameOf(model) {
  for (const kind of ['exact', 'prefix', 'contains', 'suffix']) {
    const texts = model.match.map(rule => rule[kind]).filter(Boolean);
    if (texts.length)
      return texts.includes(model.id.toLowerCase()) ? model.id : texts[0];
  }
  return model.id;
}

const catalogue = JSON.parse(readFileSync(new URL('../../../resources/prices.json', import.meta.url), 'utf8'));
for (const { id: provider, models } of catalogue.providers.filter(row => row.id !== 'practice')) {
  for (const model of models) {
    const kinds = pricedKinds(model);
    if (!kinds.has('input') || !kinds.has('output'))
      continue; // embeddings, speech, pictures
    const count = provider === 'openrouter' ? 1 : 2; // which resells them in hundreds
    for (let i = 0; i < count; ++i) {
      const day = Date.UTC(2024, 11, 1) + random(719) * 86_400_000 + random(86_400) * 1000;
      capture(provider, nameOf(model), new Date(day).toISOString().replace('.000', ''), generated(kinds));
    }
  }
}
process.stdout.write(`[\n${cases.join(',\n')}\n]\n`);
