// @ts-check
import Anthropic from '@anthropic-ai/sdk';
// The last line of releases that asks for the version of the API which ours asks for.
import Anthropic2023 from 'anthropic-sdk-2023';
import { Key } from '../recorder.mjs';
import { City, Gif, Pdf, Schema, Weather } from '../table.mjs';

/** @typedef {Anthropic.MessageParam} Turn */

const model = 'claude-sonnet-4-6';

/** @param {Anthropic} client */
function messages(client) {
  /** @type {Anthropic.Tool[]} */
  const tools = [{ ...Weather, input_schema: City }];
  /** @type {Turn} */
  const hi = { role: 'user', content: 'Hi' };
  /** @param {string} id @param {object} input @returns {Anthropic.ToolUseBlockParam} */
  const call = (id, input) => ({ type: 'tool_use', id, name: 'weather', input });
  /** @param {string} id @param {string} content @returns {Anthropic.ToolResultBlockParam} */
  const result = (id, content) => ({ type: 'tool_result', tool_use_id: id, content });
  /** @param {Turn[]} turns @param {Partial<Anthropic.MessageCreateParamsStreaming>} [more] */
  const ask = (turns, more) => () => client.messages.create({
    model, max_tokens: 8192, messages: turns, stream: true, ...more,
  });
  return {
    plain: ask([hi]),
    system: ask([hi], { system: 'Be brief.' }),
    'multi-turn': ask([hi, { role: 'assistant', content: 'Hello.' }, { role: 'user', content: 'Again' }]),
    image: ask([{ role: 'user', content: [
      { type: 'image', source: { type: 'base64', media_type: 'image/gif', data: Gif.toString('base64') } },
      { type: 'text', text: 'What is it?' }] }]),
    document: ask([{ role: 'user', content: [
      { type: 'document', title: 'paper 1.pdf',
        source: { type: 'base64', media_type: 'application/pdf', data: Pdf.toString('base64') } },
      { type: 'text', text: 'Sum up' }] }]),
    'text-file': ask([{ role: 'user', content: [
      { type: 'document', title: 'a.txt', source: { type: 'text', media_type: 'text/plain', data: 'one\n' } },
      { type: 'text', text: 'Sum up' }] }]),
    tools: ask([hi], { tools, tool_choice: { type: 'any' } }),
    'named-tool': ask([hi], { tools, tool_choice: { type: 'tool', name: 'weather' } }),
    'no-tool': ask([hi], { tools, tool_choice: { type: 'none' } }),
    'tool-result': ask([hi, { role: 'assistant', content: [
      { type: 'thinking', thinking: 'hm', signature: 'rs_1 c2lnbmVk' },
      { type: 'text', text: 'I look.' }, call('call_1', { city: 'Ulm' })] },
    { role: 'user', content: [result('call_1', 'Rain')] }], { tools }),
    'two-results': ask([hi,
      { role: 'assistant', content: [call('call_1', { city: 'Ulm' }), call('call_2', { city: 'Bonn' })] },
      { role: 'user', content: [result('call_1', 'Rain'), result('call_2', 'Sun')] }], { tools }),
    'failed-tool': ask([hi, { role: 'assistant', content: [call('call_1', {})] },
      { role: 'user', content: [{ ...result('call_1', 'No net'), is_error: true }] }]),
    reasoning: ask([hi], { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } }),
    'high-reasoning': ask([hi], { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }),
    'no-reasoning': ask([hi], { thinking: { type: 'disabled' } }),
    limits: ask([hi], { max_tokens: 100, stop_sequences: ['END'] }),
    schema: ask([hi], { output_config: { format: { type: 'json_schema', schema: Schema } } }),
  };
}

export default function tables() {
  const client = new Anthropic({ apiKey: Key, maxRetries: 0 });
  const client2023 = new Anthropic2023({ apiKey: Key, maxRetries: 0 });
  const limits = () => client2023.messages.create({
    model, max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }], stream: true,
    temperature: 0.5, top_p: 0.9, stop_sequences: ['END'],
  });
  // The blocks of both are the same; the newer one's types know no temperature any more.
  const older = /** @type {Anthropic} */ (/** @type {unknown} */ (client2023));
  return [
    { name: 'anthropic', provider: 'anthropic', sdk: '@anthropic-ai/sdk', model, requests: messages(client) },
    { name: 'anthropic-2023', provider: 'anthropic', sdk: 'anthropic-sdk-2023', model,
      requests: { ...messages(older), limits } },
  ];
}
