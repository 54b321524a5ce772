// @ts-check
import OpenAI, { AzureOpenAI } from 'openai';
import { Key } from '../recorder.mjs';
import { City, Gif, Pdf, Schema, TextFile, Weather } from '../table.mjs';

/** @typedef {OpenAI.ChatCompletionMessageParam} Turn */
/** @typedef {OpenAI.Responses.ResponseInputItem} Item */

const image = `data:image/gif;base64,${Gif.toString('base64')}`;
const paper = { filename: 'paper 1.pdf', file_data: `data:application/pdf;base64,${Pdf.toString('base64')}` };

/** @param {OpenAI} client @param {string} model */
function chat(client, model) {
  /** @type {OpenAI.ChatCompletionTool[]} */
  const tools = [{ type: 'function', function: { ...Weather, parameters: City } }];
  /** @type {Turn} */
  const hi = { role: 'user', content: 'Hi' };
  /** @param {string} id @param {string} city @returns {OpenAI.ChatCompletionMessageToolCall} */
  const call = (id, city) => ({
    id, type: 'function', function: { name: 'weather', arguments: city ? `{"city":"${city}"}` : '{}' },
  });
  /** @param {string} id @param {string} content @returns {Turn} */
  const result = (id, content) => ({ role: 'tool', tool_call_id: id, content });
  /** @param {Turn[]} messages @param {Partial<OpenAI.ChatCompletionCreateParamsStreaming>} [more] */
  const ask = (messages, more) => () => client.chat.completions.create({
    model, messages, stream: true, stream_options: { include_usage: true }, ...more,
  });
  return {
    plain: ask([hi]),
    system: ask([{ role: 'system', content: 'Be brief.' }, hi]),
    'multi-turn': ask([hi, { role: 'assistant', content: 'Hello.' }, { role: 'user', content: 'Again' }]),
    image: ask([{ role: 'user', content: [
      { type: 'image_url', image_url: { url: image } }, { type: 'text', text: 'What is it?' }] }]),
    document: ask([{ role: 'user', content: [
      { type: 'file', file: paper }, { type: 'text', text: 'Sum up' }] }]),
    'text-file': ask([{ role: 'user', content: [
      { type: 'text', text: TextFile }, { type: 'text', text: 'Sum up' }] }]),
    tools: ask([hi], { tools, tool_choice: 'required' }),
    'named-tool': ask([hi], { tools, tool_choice: { type: 'function', function: { name: 'weather' } } }),
    'no-tool': ask([hi], { tools, tool_choice: 'none' }),
    'tool-result': ask([hi, { role: 'assistant', content: 'I look.', tool_calls: [call('call_1', 'Ulm')] },
      result('call_1', 'Rain')], { tools }),
    'two-results': ask([hi, { role: 'assistant', tool_calls: [call('call_1', 'Ulm'), call('call_2', 'Bonn')] },
      result('call_1', 'Rain'), result('call_2', 'Sun')], { tools }),
    'failed-tool': ask([hi, { role: 'assistant', tool_calls: [call('call_1', '')] }, result('call_1', 'No net')]),
    reasoning: ask([hi], { reasoning_effort: 'low' }),
    'high-reasoning': ask([hi], { reasoning_effort: 'high' }),
    'no-reasoning': ask([hi], { reasoning_effort: 'none' }),
    limits: ask([hi], { max_completion_tokens: 100, temperature: 0.5, top_p: 0.9, stop: ['END'] }),
    schema: ask([hi], { response_format: {
      type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: Schema } } }),
  };
}

/** @param {OpenAI} client @param {string} model */
function responses(client, model) {
  /** @type {OpenAI.Responses.Tool[]} */
  const tools = [{ type: 'function', ...Weather, parameters: City, strict: false }];
  /** @type {Item} */
  const hi = { role: 'user', content: 'Hi' };
  /** @param {string} id @param {string} city @returns {Item} */
  const call = (id, city) => ({
    type: 'function_call', call_id: id, name: 'weather', arguments: city ? `{"city":"${city}"}` : '{}',
  });
  /** @param {string} id @param {string} output @returns {Item} */
  const result = (id, output) => ({ type: 'function_call_output', call_id: id, output });
  /** @param {Item[]} input @param {Partial<OpenAI.Responses.ResponseCreateParamsStreaming>} [more] */
  const ask = (input, more) => () => client.responses.create({
    // Stateless, so that sealed reasoning is ours to keep and to send again.
    model, input, stream: true, store: false, include: ['reasoning.encrypted_content'], ...more,
  });
  return {
    plain: ask([hi]),
    system: ask([hi], { instructions: 'Be brief.' }),
    'multi-turn': ask([hi, { role: 'assistant', content: 'Hello.' }, { role: 'user', content: 'Again' }]),
    image: ask([{ role: 'user', content: [
      { type: 'input_image', detail: 'auto', image_url: image }, { type: 'input_text', text: 'What is it?' }] }]),
    document: ask([{ role: 'user', content: [
      { type: 'input_file', ...paper }, { type: 'input_text', text: 'Sum up' }] }]),
    'text-file': ask([{ role: 'user', content: [
      { type: 'input_text', text: TextFile }, { type: 'input_text', text: 'Sum up' }] }]),
    tools: ask([hi], { tools, tool_choice: 'required' }),
    'named-tool': ask([hi], { tools, tool_choice: { type: 'function', name: 'weather' } }),
    'no-tool': ask([hi], { tools, tool_choice: 'none' }),
    'tool-result': ask([hi,
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'c2lnbmVk' },
      { role: 'assistant', content: 'I look.' }, call('call_1', 'Ulm'), result('call_1', 'Rain')], { tools }),
    'two-results': ask([hi, call('call_1', 'Ulm'), call('call_2', 'Bonn'),
      result('call_1', 'Rain'), result('call_2', 'Sun')], { tools }),
    'failed-tool': ask([hi, call('call_1', ''), result('call_1', 'No net')]),
    reasoning: ask([hi], { reasoning: { effort: 'low' } }),
    'high-reasoning': ask([hi], { reasoning: { effort: 'high' } }),
    'no-reasoning': ask([hi], { reasoning: { effort: 'none' } }),
    limits: ask([hi], { max_output_tokens: 100, temperature: 0.5, top_p: 0.9 }),
    schema: ask([hi], { text: { format: { type: 'json_schema', name: 'answer', strict: true, schema: Schema } } }),
  };
}

export default function tables() {
  const plain = new OpenAI({ apiKey: Key, maxRetries: 0 });
  const endpoint = 'https://res.openai.azure.com';
  const azure = new AzureOpenAI({
    apiKey: Key, endpoint, apiVersion: '2024-10-21', deployment: 'my deployment', maxRetries: 0,
  });
  // As Microsoft's pages have it for the v1 surface: the plain client with the resource's address.
  const azureV1 = new OpenAI({ apiKey: Key, baseURL: `${endpoint}/openai/v1`, maxRetries: 0 });
  const sdk = 'openai';
  return [
    { name: 'openai', provider: 'openai', sdk, model: 'gpt-5.5', requests: responses(plain, 'gpt-5.5') },
    { name: 'openai-chat', provider: 'openai-chat', sdk, model: 'gpt-5.5', requests: chat(plain, 'gpt-5.5') },
    { name: 'azure', provider: 'azure', sdk, model: 'my deployment',
      baseUrl: `${endpoint}/openai/deployments/other/chat/completions?api-version=2024-10-21`,
      requests: chat(azure, 'my deployment') },
    { name: 'azure-v1', provider: 'azure', sdk, model: 'my deployment', baseUrl: endpoint,
      requests: chat(azureV1, 'my deployment') },
  ];
}
