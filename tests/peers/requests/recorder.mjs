// @ts-check
// A loopback server that keeps what an SDK sends to it. SDKs keep their own hosts: what they ask of
// them by fetch comes here instead, so that their default addresses are recorded too.
import { createServer } from 'node:http';

export const Key = 'key-0123456789abcdef';

// Tell of the SDK, the runtime or the connection, and nothing of the request.
const Noise = [
  /^user-agent$/, /^x-stainless-/, /^x-fern-/, /^x-goog-api-client$/, /^x-amz-user-agent$/,
  /^amz-sdk-/, /^x-amzn-trace-id$/, /^host$/, /^connection$/, /^content-length$/,
  /^transfer-encoding$/, /^accept-encoding$/, /^accept-language$/, /^sec-fetch-mode$/, /^expect$/,
];

/** @typedef {{method: string, url: string, headers: Record<string, string>, text: string}} Sent */

export class Recorder {
  /** @type {Sent[]} */
  #sent = [];
  /** @type {string[]} */
  #origins = [];
  /** @type {Set<string>} */
  notKept = new Set();
  #server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      this.#sent.push({
        method: request.method ?? '',
        url: (this.#origins.shift() ?? '') + request.url,
        headers: this.#keep(request.headers),
        text: Buffer.concat(chunks).toString('utf8'),
      });
      response.sendDate = false; // or SDKs take it for the time of day
      response.writeHead(400, { 'content-type': 'application/json' }); // no SDK repeats these
      response.end('{"error":{"message":"recorded"},"message":"recorded"}');
    });
  });

  async start() {
    await new Promise((resolve) => { this.#server.listen(0, '127.0.0.1', () => resolve(null)); });
    const address = this.#server.address();
    if (!address || typeof address === 'string') throw new Error('no port');
    this.port = address.port;
    const real = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (input instanceof Request) throw new Error(`${url}: ask by URL`);
      this.come(url.origin);
      return real(`http://127.0.0.1:${this.port}${url.pathname}${url.search}`, init);
    };
  }

  stop() { this.#server.close(); this.#server.closeAllConnections(); }

  /** @param {string} origin Where the next request would have gone. */
  come(origin) { this.#origins.push(origin); }

  /** The one request that \p ask makes. @param {() => unknown} ask @returns {Promise<Sent>} */
  async only(ask) {
    this.#sent = [];
    let failure = null;
    try { await ask(); } catch (error) { failure = error; }
    if (this.#sent.length !== 1) throw new Error(`${this.#sent.length} requests`, { cause: failure });
    return this.#sent[0];
  }

  /** @param {import('node:http').IncomingHttpHeaders} headers */
  #keep(headers) {
    /** @type {Record<string, string>} */
    const kept = {};
    for (const name of Object.keys(headers).sort()) {
      if (Noise.some((pattern) => pattern.test(name))) this.notKept.add(name);
      else kept[name] = String(headers[name]).replaceAll(Key, 'KEY');
    }
    return kept;
  }
}
