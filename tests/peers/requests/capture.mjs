// @ts-check
// Writes what each official SDK sends for the table of requests to tests/data/requests/captured/.
// tests/core/providers/tst_sdkrequests.cpp compares it with what ours sends.
//   npm ci && npm run check && npm run capture
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { Recorder } from './recorder.mjs';

const recorder = new Recorder();
await recorder.start();
const out = new URL('../../data/requests/captured/', import.meta.url);

/** @param {string} name */
function versionOf(name) {
  const file = new URL(`node_modules/${name}/package.json`, import.meta.url);
  const { name: real, version } = JSON.parse(readFileSync(file, 'utf8'));
  return `${real} ${version}`; // one is installed under a second name
}

/** The headers that all requests share. @param {import('./recorder.mjs').Sent[]} sent */
function shared(sent) {
  const same = Object.entries(sent[0].headers)
    .filter(([name, value]) => sent.every((request) => request.headers[name] === value));
  return Object.fromEntries(same);
}

for (const file of readdirSync(new URL('sdks/', import.meta.url)).sort()) {
  const { default: tables } = await import(`./sdks/${file}`);
  for (const table of tables(recorder)) {
    /** @type {Record<string, import('./recorder.mjs').Sent>} */
    const sent = {};
    for (const [name, ask] of Object.entries(table.requests)) sent[name] = await recorder.only(ask);
    const all = Object.values(sent);
    const headers = shared(all);
    const lines = Object.entries(sent).map(([name, request]) => {
      const own = Object.entries(request.headers).filter(([header]) => !(header in headers));
      const entry = {
        ...(request.url === all[0].url ? {} : { url: request.url }),
        ...(own.length ? { headers: Object.fromEntries(own) } : {}),
        // A signature is over the bytes.
        ...(table.keepsText ? { text: request.text } : { body: JSON.parse(request.text) }),
      };
      return `    ${JSON.stringify(name)}: ${JSON.stringify(entry)}`;
    });
    const head = {
      sdk: versionOf(table.sdk),
      provider: table.provider,
      model: table.model,
      ...(table.baseUrl ? { base_url: table.baseUrl } : {}),
      method: all[0].method,
      url: all[0].url,
      headers,
      not_kept: [...recorder.notKept].sort(),
    };
    recorder.notKept.clear();
    const text = Object.entries(head)
      .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`).join('');
    writeFileSync(new URL(`${table.name}.json`, out),
      `{\n${text}  "requests": {\n${lines.join(',\n')}\n  }\n}\n`);
    console.log(`${table.name}: ${lines.length} requests of ${head.sdk}`);
  }
}
recorder.stop();
