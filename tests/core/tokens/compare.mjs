// Captures what npm tiktoken makes of our corpora, for tst_encoding.cpp:
//   npm ci --prefix resources/generate && build/dev/tests/core/tokens/token_corpora FOLDER
//   node tests/core/tokens/compare.mjs FOLDER > tests/data/tokens/expected.json
// The texts are ours; the figures are facts: how many tokens, and a hash of them (FNV-1a of four bytes each).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(new URL('../../../resources/generate/package.json', import.meta.url));
const { get_encoding: getEncoding } = require('tiktoken');
const folder = process.argv[2];
const names = ['prose', 'code', 'chat', 'mixed-cjk', 'cjk'];
// One piece each, of which a beginning will do: tiktoken takes long over them.
const hard = ['one-letter', 'underscores', 'spaces', 'line-ends', 'letters-without-spaces', 'two-letters',
  'symbols-without-spaces', 'emoji-families', 'one-ideograph', 'ideograph-then-capitals'];
const HardBytes = 30_030; // cuts no character
const BlockTexts = 1000;

function hashInto(hash, ids) {
  for (let id of ids) {
    for (let byte = 0; byte < 4; byte += 1) {
      hash = Math.imul(hash ^ (id & 255), 16777619) >>> 0;
      id >>>= 8;
    }
  }
  return hash;
}

function randomTexts() {
  const all = readFileSync(join(folder, 'random.bin'));
  const texts = [];
  for (let at = 0; at < all.length;) {
    const length = all.readUInt32LE(at);
    texts.push(all.subarray(at + 4, at + 4 + length).toString());
    at += 4 + length;
  }
  return texts;
}

const result = {};
for (const name of ['cl100k_base', 'o200k_base']) {
  const encoding = getEncoding(name);
  const corpora = {};
  for (const corpus of [...names, ...hard]) {
    const bytes = readFileSync(join(folder, `${corpus}.txt`)).subarray(0, hard.includes(corpus) ? HardBytes : undefined);
    const ids = encoding.encode_ordinary(bytes.toString());
    corpora[corpus] = { bytes: bytes.length, tokens: ids.length, hash: hashInto(2166136261, ids) };
  }
  const blocks = [];
  let tokens = 0;
  let hash = 2166136261;
  randomTexts().forEach((text, i) => {
    const ids = encoding.encode_ordinary(text);
    tokens += ids.length;
    hash = hashInto(hash, ids);
    if (i % BlockTexts === BlockTexts - 1) {
      blocks.push([tokens, hash]);
      [tokens, hash] = [0, 2166136261];
    }
  });
  result[name] = { corpora, blocks };
}
process.stdout.write(`${JSON.stringify(result).replaceAll('],[', '],\n[')}\n`);
