// Captures what @pydantic/genai-prices makes of usage records, for tst_pricesagree.cpp:
//   npm ci --prefix resources/generate && node tests/core/pricing/compare.mjs > tests/data/prices/agreed.json
// The records are ours; the figures are facts that the package computed from the same table.
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
const keys = { input: 'input_tokens', output: 'output_tokens', cache_read: 'cache_read_tokens', cache_write: 'cache_write_tokens' };

const cases = [];
for (const [provider, model] of targets) {
  for (const { at, usage } of records) {
    const asked = Object.fromEntries(Object.entries(usage).map(([key, value]) => [keys[key], value]));
    const price = calcPrice(asked, model, { providerId: sourceIds[provider] ?? provider, timestamp: new Date(at) });
    if (!price) {
      process.stderr.write(`not priced there: ${provider}/${model}\n`);
      continue;
    }
    cases.push(JSON.stringify({ provider, model, at, usage, usd: price.total_price.toFixed(9) }));
  }
}
process.stdout.write(`[\n${cases.join(',\n')}\n]\n`);
