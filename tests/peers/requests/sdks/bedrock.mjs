// @ts-check
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Key } from '../recorder.mjs';
import { City, Gif, Pdf, Schema, TextFile, Weather } from '../table.mjs';

/** @typedef {import('@aws-sdk/client-bedrock-runtime').Message} Turn */
/** @typedef {import('@aws-sdk/client-bedrock-runtime').ConverseStreamCommandInput} Input */

// What tests/core/providers/tst_sdkrequests.cpp signs with, at the same time.
const SignedAt = Date.UTC(2026, 10, 23, 7, 0, 0);
const Credentials = { accessKeyId: 'AKIDEXAMPLEEXAMPLE', secretAccessKey: 'secret-of-the-account' };
const SessionToken = 'token-of-the-session';

/** Sends to the recorder what was signed for the service's own host. */
class Redirected extends NodeHttpHandler {
  /** @param {import('../recorder.mjs').Recorder} recorder */
  constructor(recorder) { super(); this.recorder = recorder; }

  /** @param {any} request @param {any} [options] */
  handle(request, options) {
    this.recorder.come(`${request.protocol}//${request.hostname}`);
    const sent = Object.assign(request, { protocol: 'http:', hostname: '127.0.0.1', port: this.recorder.port });
    return super.handle(sent, options);
  }
}

/** What tells of the SDK would be signed too, and is new each time.
 *  @param {BedrockRuntimeClient} client */
function withoutNoise(client) {
  /** @type {import('@smithy/types').FinalizeRequestMiddleware<any, any>} */
  const strip = (next) => (args) => {
    const { headers } = /** @type {{headers: Record<string, string>}} */ (args.request);
    for (const name of Object.keys(headers)) {
      if (/^amz-sdk-|user-agent$/.test(name)) delete headers[name];
    }
    return next(args);
  };
  client.middlewareStack.addRelativeTo(strip, { relation: 'before', toMiddleware: 'httpSigningMiddleware' });
  return client;
}

/** @param {BedrockRuntimeClient} client @param {string} modelId */
function converse(client, modelId) {
  const tools = [{ toolSpec: { ...Weather, inputSchema: { json: City } } }];
  /** @type {Turn} */
  const hi = { role: 'user', content: [{ text: 'Hi' }] };
  /** @param {string} toolUseId @param {Record<string, string>} input */
  const call = (toolUseId, input) => ({ toolUse: { toolUseId, name: 'weather', input } });
  /** @param {string} toolUseId @param {string} text */
  const result = (toolUseId, text) => ({ toolResult: { toolUseId, content: [{ text }] } });
  /** @param {Turn[]} messages @param {Partial<Input>} [more] */
  const ask = (messages, more) => () => client.send(
    new ConverseStreamCommand(/** @type {Input} */ ({ modelId, messages, ...more })));
  /** @param {number} budget */
  const thinking = (budget) => ({
    additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: budget } },
  });
  return {
    plain: ask([hi]),
    system: ask([hi], { system: [{ text: 'Be brief.' }] }),
    'multi-turn': ask([hi, { role: 'assistant', content: [{ text: 'Hello.' }] }, { role: 'user', content: [{ text: 'Again' }] }]),
    image: ask([{ role: 'user', content: [
      { image: { format: 'gif', source: { bytes: Gif } } }, { text: 'What is it?' }] }]),
    document: ask([{ role: 'user', content: [
      { document: { format: 'pdf', name: 'paper 1', source: { bytes: Pdf } } }, { text: 'Sum up' }] }]),
    'text-file': ask([{ role: 'user', content: [{ text: TextFile }, { text: 'Sum up' }] }]),
    tools: ask([hi], { toolConfig: { tools, toolChoice: { any: {} } } }),
    'named-tool': ask([hi], { toolConfig: { tools, toolChoice: { tool: { name: 'weather' } } } }),
    'tool-result': ask([hi, { role: 'assistant', content: [
      { reasoningContent: { reasoningText: { text: 'hm', signature: 'rs_1 c2lnbmVk' } } },
      { text: 'I look.' }, call('call_1', { city: 'Ulm' })] },
    { role: 'user', content: [result('call_1', 'Rain')] }], { toolConfig: { tools } }),
    'two-results': ask([hi,
      { role: 'assistant', content: [call('call_1', { city: 'Ulm' }), call('call_2', { city: 'Bonn' })] },
      { role: 'user', content: [result('call_1', 'Rain'), result('call_2', 'Sun')] }], { toolConfig: { tools } }),
    'failed-tool': ask([hi, { role: 'assistant', content: [call('call_1', {})] },
      { role: 'user', content: [{ toolResult: { toolUseId: 'call_1', content: [{ text: 'No net' }], status: 'error' } }] }]),
    reasoning: ask([hi], thinking(1024)),
    'high-reasoning': ask([hi], thinking(16384)),
    'no-reasoning': ask([hi]),
    limits: ask([hi], { inferenceConfig: { maxTokens: 100, temperature: 0.5, topP: 0.9, stopSequences: ['END'] } }),
    schema: ask([hi], { outputConfig: { textFormat: {
      type: 'json_schema', structure: { jsonSchema: { name: 'answer', schema: JSON.stringify(Schema) } } } } }),
  };
}

/** @param {import('../recorder.mjs').Recorder} recorder */
export default function tables(recorder) {
  Date.now = () => SignedAt;
  const common = { region: 'us-east-1', maxAttempts: 1, requestHandler: new Redirected(recorder) };
  const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
  const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc1def2ghi3';
  const bearer = new BedrockRuntimeClient({
    ...common, token: { token: Key }, authSchemePreference: ['httpBearerAuth'],
  });
  const signed = withoutNoise(new BedrockRuntimeClient({ ...common, credentials: Credentials }));
  const temporary = withoutNoise(new BedrockRuntimeClient({
    ...common, credentials: { ...Credentials, sessionToken: SessionToken },
  }));
  const europe = withoutNoise(new BedrockRuntimeClient({
    ...common, region: 'eu-west-1', credentials: Credentials,
  }));
  const row = { provider: 'bedrock', sdk: '@aws-sdk/client-bedrock-runtime' };
  const some = (/** @type {BedrockRuntimeClient} */ client, /** @type {string} */ id) => {
    const { plain, limits, 'tool-result': toolResult } = converse(client, id);
    return { plain, limits, 'tool-result': toolResult };
  };
  return [
    { name: 'bedrock', ...row, model, requests: converse(bearer, model) },
    { name: 'bedrock-signed', ...row, model, keepsText: true, requests: some(signed, model) },
    { name: 'bedrock-signed-arn', ...row, model: arn, keepsText: true, requests: some(signed, arn) },
    { name: 'bedrock-signed-session', ...row, model, keepsText: true, requests: some(temporary, model) },
    { name: 'bedrock-signed-europe', ...row, model, keepsText: true,
      baseUrl: 'https://bedrock-runtime.eu-west-1.amazonaws.com', requests: some(europe, model) },
  ];
}
