// Node 20.20 hands out responses whose headers cannot be changed, and @portkey-ai/gateway 1.15.2
// fails on them. So that it can be measured at all: the same response with headers of its own.
const NativeResponse = globalThis.Response;
const nativeFetch = globalThis.fetch;
globalThis.fetch = async (...request) => {
  const { body, status, headers } = await nativeFetch(...request);
  return new NativeResponse(body, { status, headers: new Headers(headers) });
};
