// Signs in by device code (RFC 8628) against oidc-provider, with the real window:
//   node signin.mjs PATH/TO/windowhelper
// The provider plays the directory, at the paths of Entra ID, and also the Azure resource, which
// answers only to an access token that the provider itself gave and knows. A person's part (typing
// the code, signing in, agreeing) is done over HTTP here. Prints what was asked; exit 0: it worked.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as ask } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import './older-node.mjs';
import Provider from 'oidc-provider';

const helper = process.argv[2];
if (!helper) {
  console.error('usage: node signin.mjs PATH/TO/windowhelper');
  process.exit(2);
}

const Entra = '/contoso.com/oauth2/v2.0';
const Resource = 'https://cognitiveservices.azure.com';
const Scope = `${Resource}/.default`;
const Deadline = 90_000;
const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const root = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(root, {
  clients: [{
    client_id: 'client-1', // as windowhelper types it
    application_type: 'native',
    token_endpoint_auth_method: 'none', // a public client: it has no secret
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    response_types: [],
    redirect_uris: [],
  }],
  scopes: ['openid', 'profile', 'offline_access', Scope],
  features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
  issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  cookies: { keys: ['of this run only'] },
  ttl: { AccessToken: 600, DeviceCode: 600, RefreshToken: 3600, Grant: 3600, Interaction: 600, Session: 600 },
  routes: { device_authorization: `${Entra}/devicecode`, token: `${Entra}/token`, code_verification: '/device' },
});

const seen = []; // [endpoint, outcome] in the order of time
let userCode;
provider.use(async (ctx, next) => {
  await next();
  if (ctx.path === `${Entra}/devicecode`) {
    userCode = ctx.body?.user_code;
    seen.push(['devicecode', userCode ? 'code given' : JSON.stringify(ctx.body)]);
  } else if (ctx.path === `${Entra}/token`) {
    seen.push(['token', ctx.body?.error ?? (ctx.body?.refresh_token ? 'tokens given' : 'no refresh token')]);
  }
});

const directory = provider.callback();
let answered = false;
server.on('request', async (request, response) => {
  if (!request.url.startsWith('/openai/'))
    return directory(request, response);
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
  const known = await provider.AccessToken.find(token);
  seen.push(['resource', known ? `token of ${known.clientId} for "${known.scope}"` : 'token unknown']);
  if (!known) {
    response.writeHead(401, { 'content-type': 'application/json' });
    return response.end('{"error":{"code":"401","message":"Access denied"}}');
  }
  const chunk = (delta, reason = null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'drip', choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.end(chunk({ role: 'assistant', content: 'signed in' }) + chunk({}, 'stop') + 'data: [DONE]\n\n');
  answered = true;
});

// The person at the page: follows redirects, keeps cookies, sends the forms that come.
const jar = new Map();
function exchange(url, body) {
  const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') };
  if (body)
    headers['content-type'] = 'application/x-www-form-urlencoded';
  return new Promise((resolve, reject) => {
    const asked = ask(url, { method: body ? 'POST' : 'GET', headers }, (answer) => {
      let html = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece) => { html += piece; });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, html }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function visit(url, form) {
  for (let hop = 0; hop < 12; ++hop) {
    const answer = await exchange(url, form && new URLSearchParams(form).toString());
    for (const cookie of answer.headers['set-cookie'] ?? []) {
      const [pair] = cookie.split(';');
      const at = pair.indexOf('=');
      if (/expires=Thu, 01 Jan 1970/i.test(cookie))
        jar.delete(pair.slice(0, at));
      else
        jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    if (answer.status < 300 || answer.status >= 400)
      return { url, html: answer.html };
    url = new URL(answer.headers.location, url).href;
    form = undefined;
  }
  throw new Error('too many redirects');
}

function formOf({ url, html }) {
  const action = /<form[^>]*action="([^"]*)"/.exec(html)?.[1];
  const fields = {};
  for (const [input] of html.matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(input)?.[1];
    if (name)
      fields[name] = /value="([^"]*)"/.exec(input)?.[1] ?? '';
  }
  return { action: action && new URL(action, url).href, fields };
}

async function approve(code) {
  let page = await visit(`${root}/device`);
  for (let step = 0; step < 6; ++step) {
    const { action, fields } = formOf(page);
    if (!action)
      break;
    if ('user_code' in fields)
      fields.user_code = code;
    if ('login' in fields)
      Object.assign(fields, { login: 'ada', password: 'x' });
    if (fields.prompt === undefined && 'xsrf' in fields && !('user_code' in fields))
      fields.confirm = 'yes';
    page = await visit(action, fields);
  }
  if (!/Sign-in Success/i.test(page.html))
    throw new Error(`the page says: ${page.html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(-300)}`);
}

const profile = mkdtempSync(join(tmpdir(), 'farthing-oidc-'));
const window = spawn(helper, [profile, root, 'hello', '--sign-in'],
  { env: { ...process.env, QT_QPA_PLATFORM: 'offscreen' }, stdio: ['ignore', 'pipe', 'inherit'] });
let printed = '';
window.stdout.on('data', (bytes) => { printed += bytes; });

const until = async (what, holds) => {
  const end = Date.now() + Deadline;
  while (!holds()) {
    if (Date.now() > end || window.exitCode !== null)
      throw new Error(`${what} did not come; seen: ${JSON.stringify(seen)}`);
    await new Promise((later) => setTimeout(later, 50));
  }
};
let failure;
try {
  await until('a code', () => userCode);
  await until('a poll before the code was typed', () => seen.some(([, end]) => end === 'authorization_pending'));
  await approve(userCode);
  await until('an answer of the resource', () => answered);
  await until('the answer in the window', () => printed.includes('signed in'));
} catch (error) {
  failure = error;
}
window.kill();
for (const [endpoint, outcome] of seen)
  console.log(`${endpoint}: ${outcome}`);
console.log(failure ? `FAILED: ${failure.message}` : `the window shows: ${printed.trim()}`);
rmSync(profile, { recursive: true, force: true });
process.exit(failure ? 1 : 0);
