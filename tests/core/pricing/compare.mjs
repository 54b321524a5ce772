// Captures what @pydantic/genai-prices makes of usage records, for tst_pricesagree.cpp and for the
// verb `price` in tst_verbs.cpp:
//   npm ci --prefix resources/generate && node tests/core/pricing/compare.mjs > tests/data/prices/agreed.json
// The records are ours; the figures are facts that the package computed from the same table: some
// written by hand at the edges of tiers and days, and for every chat model that both know some more,
// made by a seeded generator: over the kinds of tokens that the model has prices for, and over all
// kinds and fees that both know. Where the two programs mean to differ, the row says why.
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
  input_image: 'input_image_tokens', input_video: 'input_video_tokens', input_tool: 'input_tool_tokens',
  cache_read_audio: 'cache_audio_read_tokens', cache_write_5m: 'cache_write_5m_tokens',
  cache_write_1h: 'cache_write_1h_tokens', output_reasoning: 'output_reasoning_tokens',
  output_image: 'output_image_tokens', output_video: 'output_video_tokens', output_citation: 'output_citation_tokens',
  web_search: 'web_searches', file_search: 'storage_searches', social_search: 'social_searches',
  code_session: 'code_executions', rerank_search: 'rerank_searches',
};

const cases = [];
function capture(provider, model, at, usage, card) {
  const { fees = {}, ...tokens } = usage;
  const asked = Object.fromEntries(
    Object.entries({ ...tokens, ...fees }).map(([key, value]) => [keys[key], value]));
  // Cached sound is part of both, sound and cached, there; here it is of what was cached alone.
  if (usage.cache_read_audio)
    asked.input_audio_tokens = (usage.input_audio ?? 0) + usage.cache_read_audio;
  // What two prices could hold for it wants to be told, though it was none.
  if (usage.cache_read) {
    asked.cache_audio_read_tokens ??= 0;
    asked.cache_image_read_tokens ??= 0;
  }
  const price = calcPrice(asked, model, { providerId: sourceIds[provider] ?? provider, timestamp: new Date(at) });
  if (!price)
    return process.stderr.write(`not priced there: ${provider}/${model}\n`);
  const why = card ? reasons(card, model, usage, price.model_price) : [];
  cases.push(JSON.stringify({
    provider, model, at, usage, usd: price.total_price.toFixed(9), ...(why.length ? { why: why.join('; ') } : {}) }));
}

// What is priced otherwise on purpose: unknown is never free, and never the price of something else.
function reasons(card, model, usage, theirs) {
  const why = [];
  const lacks = kind => usage[kind] > 0 && !(kind in card.rates);
  for (const kind of ['input_audio', 'output_audio', 'output_image', 'output_video']) {
    if (lacks(kind))
      why.push(`${kind} without a price: as text there, unknown here`);
  }
  if (lacks('cache_write_1h') && /claude/i.test(model))
    why.push('cache_write_1h without a price: as any write there, unknown here, since Claude\'s are dearer by time');
  // prices.mjs takes over no price of more than six decimals.
  if (lacks('cache_write') && theirs.cache_write_mtok && usage.cache_write > (usage.cache_write_5m ?? 0) + (usage.cache_write_1h ?? 0))
    why.push('cache_write at a price of endless decimals, not taken over: at that there, as new text here');
  if (lacks('cache_read_audio') && 'input_audio' in card.rates)
    why.push('cache_read_audio without a price: as new sound there, as cached text here');
  for (const unit of Object.keys(usage.fees ?? {})) {
    if (!(card.fees ?? []).some(fee => fee.unit === unit))
      why.push(`${unit} without a price: free there, unknown here`);
  }
  return why;
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

// Every kind and fee that both know, a few at a time, whether the model has a price for them or not.
const insideInput = ['cache_read', 'cache_write', 'input_audio', 'input_image', 'input_video', 'input_tool'];
const insideOutput = ['output_reasoning', 'output_audio', 'output_image', 'output_video', 'output_citation'];
const insideWrites = ['cache_write_5m', 'cache_write_1h'];
const units = ['web_search', 'file_search', 'social_search', 'code_session', 'rerank_search'];

// Sound and pictures that a model has no price for are known to differ: a few records do.
const media = ['input_audio', 'output_audio', 'output_image', 'output_video'];

function share(usage, kinds, total, oneIn, priced) {
  let left = total;
  for (const kind of kinds) {
    if (random(media.includes(kind) && !priced.has(kind) ? 6 * oneIn : oneIn))
      continue;
    usage[kind] = random(left + 1);
    left -= usage[kind];
  }
}

function ofAllKinds(kinds, card) {
  const usage = { input: 1 + random(random(3) ? 20_000 : 400_000) };
  // A price of its own is looked at in each record that has room for it.
  share(usage, insideInput, usage.input, 3, kinds);
  for (const kind of insideInput.filter(one => kinds.has(one) && !(one in usage)))
    usage[kind] = random(1 + Math.max(0, usage.input - insideInput.reduce((sum, one) => sum + (usage[one] ?? 0), 0)));
  if (usage.cache_write)
    share(usage, insideWrites, usage.cache_write, 2, kinds);
  if (usage.cache_read && kinds.has('input_audio'))
    usage.cache_read_audio = random(usage.cache_read + 1);
  usage.output = 1 + random(16_000);
  share(usage, insideOutput, usage.output, 4, kinds);
  const priced = (card.fees ?? []).map(fee => fee.unit).filter(unit => units.includes(unit));
  const charged = units.filter(unit => priced.includes(unit) ? random(4) : !random(40));
  if (charged.length)
    usage.fees = Object.fromEntries(charged.map(unit => [unit, 1 + random(40)]));
  return usage;
}

for (const { id: provider, models } of catalogue.providers.filter(row => row.id !== 'practice')) {
  for (const model of models) {
    const kinds = pricedKinds(model);
    if (!kinds.has('input') || !kinds.has('output'))
      continue;
    const day = Date.UTC(2024, 11, 1) + random(719) * 86_400_000 + random(86_400) * 1000;
    const at = new Date(day).toISOString().replace('.000', '');
    const card = model.rate_cards.find(
      one => (!one.from || one.from <= at) && (!one.to || at < one.to)) ?? model.rate_cards[0];
    capture(provider, nameOf(model), at, ofAllKinds(kinds, card), card);
  }
}
process.stdout.write(`[\n${cases.join(',\n')}\n]\n`);
