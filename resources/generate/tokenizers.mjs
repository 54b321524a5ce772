// Makes resources/tokenizers/{cl100k_base,o200k_base,characters}.bin from the npm package tiktoken (MIT).
//   npm ci && npm run tokenizers
// A file is what qUncompress() takes: four bytes of size, then zlib. Unpacked, numbers are little-endian.
//
// ENCODING.bin: "FTV2", u32 tokens, u32 bytes of all, the byte of each of the first 256; then, of every later
// one, the ranks of its left and of its right half in six columns (of the left the low, middle and high bytes,
// then those of the right). A half comes before what it is half of, so that all bytes follow from these.
// characters.bin: "FTC1", u32 runs, then a u32 a run: first code point << 8 | class. Classes are bits.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';

const require = createRequire(import.meta.url);
const { Tiktoken } = require('tiktoken');
const folder = new URL('../tokenizers/', import.meta.url);

function write(name, payload) {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(payload.length);
  const packed = Buffer.concat([size, deflateSync(payload, { level: 9, memLevel: 9 })]);
  writeFileSync(new URL(name, folder), packed);
  process.stderr.write(`${name}: ${payload.length} bytes, packed ${packed.length}\n`);
}

const u32 = (values) => Buffer.from(Uint32Array.from(values).buffer);

function tokensOf(encoding) {
  const tokens = [];
  for (const line of encoding.bpe_ranks.split('\n')) {
    const [, first, ...rest] = line.split(' ');
    rest.forEach((token, i) => { tokens[Number(first) + i] = Buffer.from(token, 'base64').toString('latin1'); });
  }
  if (tokens.length >= 1 << 18 || tokens.includes(undefined)) throw new Error('ranks with holes, or too many');
  if (tokens.some((token) => token.length > 255)) throw new Error('token too long');
  if (tokens.some((token, rank) => (token.length === 1) !== (rank < 256))) throw new Error('bytes are not first');
  return tokens;
}

// Byte pair encoding of one token by the tokens before it. It must end in two: then the last join is
// the only one that makes this token, and the counter may work with pairs of tokens instead of bytes.
function halves(token, ranks) {
  const own = ranks.get(token);
  const parts = [...token];
  while (parts.length > 2) {
    let best = own;
    let at = -1;
    for (let i = 0; i + 1 < parts.length; i += 1) {
      const rank = ranks.get(parts[i] + parts[i + 1]);
      if (rank !== undefined && rank < best) [best, at] = [rank, i];
    }
    if (at < 0) throw new Error(`token ${own} is no join of two`);
    parts.splice(at, 2, parts[at] + parts[at + 1]);
  }
  return parts.map((part) => ranks.get(part));
}

function vocabulary(encoding) {
  const tokens = tokensOf(encoding);
  const ranks = new Map(tokens.map((token, rank) => [token, rank]));
  const joined = tokens.slice(256).map((token) => halves(token, ranks));
  const columns = [0, 1].flatMap((half) => [0, 8, 16].map(
    (shift) => Buffer.from(joined.map((pair) => (pair[half] >> shift) & 255))));
  return Buffer.concat([Buffer.from('FTV2'), u32([tokens.length, tokens.reduce((sum, token) => sum + token.length, 0)]),
    Buffer.from(tokens.slice(0, 256).join(''), 'latin1'), ...columns]);
}

// What tiktoken's own regular expressions hold for a letter, a digit, a space: asked of it, character by
// character, since its Unicode version is neither node's nor Qt's. Text that no expression takes is dropped.
function membersOf(expression) {
  const bytes = Array.from({ length: 256 }, (_, i) => Buffer.from([i]).toString('base64')).join(' ');
  const tokenizer = new Tiktoken(`! 0 ${bytes}`, {}, expression);
  const members = new Set();
  for (let start = 0; start < 0x110000; start += 0x1000) {
    const block = Array.from({ length: 0x1000 }, (_, i) => start + i).filter((c) => c < 0xd800 || c > 0xdfff);
    if (!block.length) continue;
    const taken = Buffer.from(tokenizer.encode_ordinary(String.fromCodePoint(...block))).toString();
    for (const character of taken) members.add(character.codePointAt(0));
  }
  tokenizer.free();
  return members;
}

const Other = 1;
const classes = [[2, '[\\p{Lu}\\p{Lt}]'], [4, '\\p{Ll}'], [8, '[\\p{Lm}\\p{Lo}]'], [16, '\\p{M}'],
  [32, '\\p{N}'], [64, '[^\\S\\r\\n]'], [128, '[\\r\\n]']];

function characters() {
  const members = classes.map(([bit, expression]) => [bit, membersOf(expression)]);
  const runs = [];
  let last = 0;
  for (let c = 0; c < 0x110000; c += 1) {
    const bits = members.filter(([, set]) => set.has(c)).reduce((sum, [bit]) => sum | bit, 0) || Other;
    if (bits & (bits - 1)) throw new Error(`two classes: U+${c.toString(16)}`);
    if (bits !== last) runs.push(c * 256 + bits);
    last = bits;
  }
  return Buffer.concat([Buffer.from('FTC1'), u32([runs.length]), u32(runs)]);
}

// The splitter in core/tokens is written for these expressions.
const expressions = {
  cl100k_base: "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  o200k_base: "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
};
for (const [name, expression] of Object.entries(expressions)) {
  const encoding = JSON.parse(readFileSync(require.resolve(`tiktoken/encoders/${name}.json`), 'utf8'));
  if (encoding.pat_str !== expression) throw new Error(`${name} splits in another way now`);
  write(`${name}.bin`, vocabulary(encoding));
}
write('characters.bin', characters());
