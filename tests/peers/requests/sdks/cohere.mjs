// @ts-check
import { CohereClientV2 } from 'cohere-ai';
import { Key } from '../recorder.mjs';
import { City, Gif, Schema, TextFile, Weather } from '../table.mjs';

/** @typedef {import('cohere-ai').Cohere.ChatMessageV2} Turn */

export default function tables() {
  const model = 'command-a-03-2025';
  const client = new CohereClientV2({ token: Key });
  /** @type {import('cohere-ai').Cohere.ToolV2[]} */
  const tools = [{ type: 'function', function: { ...Weather, parameters: City } }];
  /** @type {Turn} */
  const hi = { role: 'user', content: 'Hi' };
  /** @param {string} id @param {string} city @returns {import('cohere-ai').Cohere.ToolCallV2} */
  const call = (id, city) => ({
    id, type: 'function', function: { name: 'weather', arguments: city ? `{"city":"${city}"}` : '{}' },
  });
  /** @param {string} toolCallId @param {string} content @returns {Turn} */
  const result = (toolCallId, content) => ({ role: 'tool', toolCallId, content });
  /** @param {Turn[]} messages
   *  @param {Partial<import('cohere-ai').Cohere.V2ChatStreamRequest>} [more] */
  const ask = (messages, more) => async () => {
    await client.chatStream({ model, messages, ...more }, { maxRetries: 0 });
  };
  const requests = {
    plain: ask([hi]),
    system: ask([{ role: 'system', content: 'Be brief.' }, hi]),
    'multi-turn': ask([hi, { role: 'assistant', content: 'Hello.' }, { role: 'user', content: 'Again' }]),
    image: ask([{ role: 'user', content: [
      { type: 'image_url', imageUrl: { url: `data:image/gif;base64,${Gif.toString('base64')}` } },
      { type: 'text', text: 'What is it?' }] }]),
    'text-file': ask([{ role: 'user', content: [
      { type: 'text', text: TextFile }, { type: 'text', text: 'Sum up' }] }]),
    tools: ask([hi], { tools, toolChoice: 'REQUIRED' }),
    'no-tool': ask([hi], { tools, toolChoice: 'NONE' }),
    'tool-result': ask([hi,
      { role: 'assistant', content: 'I look.', toolPlan: 'hm', toolCalls: [call('call_1', 'Ulm')] },
      result('call_1', 'Rain')], { tools }),
    'two-results': ask([hi, { role: 'assistant', toolCalls: [call('call_1', 'Ulm'), call('call_2', 'Bonn')] },
      result('call_1', 'Rain'), result('call_2', 'Sun')], { tools }),
    'failed-tool': ask([hi, { role: 'assistant', toolCalls: [call('call_1', '')] }, result('call_1', 'No net')]),
    reasoning: ask([hi], { thinking: { type: 'enabled', tokenBudget: 1024 } }),
    'high-reasoning': ask([hi], { thinking: { type: 'enabled', tokenBudget: 24576 } }),
    'no-reasoning': ask([hi], { thinking: { type: 'disabled' } }),
    limits: ask([hi], { maxTokens: 100, temperature: 0.5, p: 0.9, stopSequences: ['END'] }),
    schema: ask([hi], { responseFormat: { type: 'json_object', jsonSchema: Schema } }),
  };
  return [{ name: 'cohere', provider: 'cohere', sdk: 'cohere-ai', model, requests }];
}
