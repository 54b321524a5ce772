// @ts-check
// What the requests of the table hold, whoever sends them; requestOf() in
// tests/core/providers/requesttable.cpp says the same to our adapters.
export const Gif = Buffer.from('GIF89a');
export const Pdf = Buffer.from('%PDF-1.7');
export const TextFile = 'a.txt:\n```\none\n```\n';
export const Weather = { name: 'weather', description: 'Tells the weather.' };
export const City = /** @type {const} */ ({
  type: 'object', properties: { city: { type: 'string' } },
});
// As services want it, and not in the order of the alphabet.
export const Schema = {
  type: 'object', properties: { why: { type: 'string' }, city: { type: 'string' } },
  required: ['why', 'city'], additionalProperties: false,
};
