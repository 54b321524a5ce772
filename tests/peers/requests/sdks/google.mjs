// @ts-check
import { FunctionCallingConfigMode, GoogleGenAI, ThinkingLevel } from '@google/genai';
import { Key } from '../recorder.mjs';
import { City, Gif, Pdf, Schema, TextFile, Weather } from '../table.mjs';

/** @typedef {import('@google/genai').Content} Content */

export default function tables() {
  const client = new GoogleGenAI({ apiKey: Key });
  const tools = [{ functionDeclarations: [{ ...Weather, parametersJsonSchema: City }] }];
  /** @type {Content} */
  const hi = { role: 'user', parts: [{ text: 'Hi' }] };
  /** @param {FunctionCallingConfigMode} mode @param {string[]} [names] */
  const choice = (mode, names) => ({
    functionCallingConfig: { mode, ...(names ? { allowedFunctionNames: names } : {}) },
  });
  /** @param {string} id @param {Record<string, unknown>} args */
  const call = (id, args) => ({ functionCall: { id, name: 'weather', args } });
  /** @param {string} id @param {Record<string, unknown>} response */
  const result = (id, response) => ({ functionResponse: { id, name: 'weather', response } });
  /** @param {string} model */
  const asker = (model) => (
    /** @type {import('@google/genai').ContentListUnion} */ contents,
    /** @type {import('@google/genai').GenerateContentConfig} */ config = {},
  ) => () => client.models.generateContentStream({ model, contents, config });
  const [new3, new2] = ['gemini-3-flash-preview', 'gemini-2.5-flash'];
  const [ask, ask2] = [asker(new3), asker(new2)];
  const requests = {
    plain: ask('Hi'),
    system: ask('Hi', { systemInstruction: 'Be brief.' }),
    'multi-turn': ask([hi, { role: 'model', parts: [{ text: 'Hello.' }] }, { role: 'user', parts: [{ text: 'Again' }] }]),
    image: ask([{ inlineData: { mimeType: 'image/gif', data: Gif.toString('base64') } }, 'What is it?']),
    document: ask([{ inlineData: { mimeType: 'application/pdf', data: Pdf.toString('base64') } }, 'Sum up']),
    'text-file': ask([TextFile, 'Sum up']),
    tools: ask('Hi', { tools, toolConfig: choice(FunctionCallingConfigMode.ANY) }),
    'named-tool': ask('Hi', { tools, toolConfig: choice(FunctionCallingConfigMode.ANY, ['weather']) }),
    'no-tool': ask('Hi', { tools, toolConfig: choice(FunctionCallingConfigMode.NONE) }),
    'tool-result': ask([hi,
      { role: 'model', parts: [{ text: '', thoughtSignature: 'rs_1 c2lnbmVk' }, { text: 'I look.' },
        call('call_1', { city: 'Ulm' })] },
      { role: 'user', parts: [result('call_1', { result: 'Rain' })] }], { tools }),
    'two-results': ask([hi,
      { role: 'model', parts: [call('call_1', { city: 'Ulm' }), call('call_2', { city: 'Bonn' })] },
      { role: 'user', parts: [result('call_1', { result: 'Rain' }), result('call_2', { result: 'Sun' })] }], { tools }),
    'failed-tool': ask([hi, { role: 'model', parts: [call('call_1', {})] },
      { role: 'user', parts: [result('call_1', { error: 'No net' })] }]),
    reasoning: ask('Hi', { thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.LOW } }),
    'high-reasoning': ask('Hi', { thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.HIGH } }),
    'no-reasoning': ask('Hi', { thinkingConfig: { thinkingLevel: ThinkingLevel.MINIMAL } }),
    limits: ask('Hi', { maxOutputTokens: 100, temperature: 0.5, topP: 0.9, stopSequences: ['END'] }),
    schema: ask('Hi', { responseMimeType: 'application/json', responseJsonSchema: Schema }),
  };
  const budgets = {
    reasoning: ask2('Hi', { thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 } }),
    'high-reasoning': ask2('Hi', { thinkingConfig: { includeThoughts: true, thinkingBudget: 24576 } }),
    'no-reasoning': ask2('Hi', { thinkingConfig: { thinkingBudget: 0 } }),
  };
  const common = { provider: 'google', sdk: '@google/genai' };
  return [
    { name: 'google', ...common, model: new3, requests },
    { name: 'google-budgets', ...common, model: new2, requests: budgets },
  ];
}
