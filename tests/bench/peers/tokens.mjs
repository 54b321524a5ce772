// Prints what counting the .txt files of a folder costs one peer, as JSON: CPU milliseconds of the first
// call and the median of all.  node --expose-gc tokens.mjs PEER ENCODING FOLDER RUNS
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const [peer, encoding, folder, runs] = process.argv.slice(2);

const makers = {
  tiktoken: () => {
    const made = require('tiktoken').get_encoding(encoding);
    return (text) => made.encode_ordinary(text).length;
  },
  'tiktoken-rs-node': () => {
    const made = require('tiktoken-rs-node-linux-x64-gnu').getEncoding(encoding);
    return (text) => made.encode(text).length;
  },
  'gpt-tokenizer': () => require(`gpt-tokenizer/encoding/${encoding}`).countTokens,
};

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};
const residentMb = () => {
  global.gc();
  return process.memoryUsage().rss / 1e6;
};

const memory = residentMb();
const start = cpuMs();
const count = makers[peer]();
count('hello');
const loadMs = cpuMs() - start;
const loadMb = residentMb() - memory;
const texts = {};
for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt'))) {
  const text = readFileSync(join(folder, name), 'utf8');
  const times = [];
  let tokens = 0;
  for (let run = 0; run < Number(runs); run += 1) {
    const before = cpuMs();
    tokens = count(text);
    times.push(cpuMs() - before);
  }
  const first = times[0];
  times.sort((a, b) => a - b);
  texts[name] = { first, median: times[Math.floor(times.length / 2)], tokens };
}
console.log(JSON.stringify({ loadMs, loadMb, texts }));
