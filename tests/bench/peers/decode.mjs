// Prints the median nanoseconds an event of the recorded stream in argv[2] costs each peer, as JSON.
// Slices of 16 KB, as the network hands them over; argv[3] runs.
import { readFileSync } from 'node:fs';
import { createParser } from 'eventsource-parser';
import { Stream } from 'openai/streaming';

const body = readFileSync(process.argv[2]);
const runs = Number(process.argv[3] ?? 9);
const slices = [];
for (let at = 0; at < body.length; at += 16384) slices.push(body.subarray(at, at + 16384));

function framing() {
  const decoder = new TextDecoder();
  let events = 0;
  const parser = createParser({ onEvent: () => { events += 1; } });
  for (const slice of slices) parser.feed(decoder.decode(slice, { stream: true }));
  return events;
}

function framingAndJson() {
  const decoder = new TextDecoder();
  let events = 0;
  let text = '';
  const parser = createParser({
    onEvent: (event) => {
      events += 1;
      if (event.data !== '[DONE]') text += JSON.parse(event.data).choices[0]?.delta?.content ?? '';
    },
  });
  for (const slice of slices) parser.feed(decoder.decode(slice, { stream: true }));
  if (text.length === 0) throw new Error('no text');
  return events;
}

async function sdk() {
  const response = new Response(new ReadableStream({
    start(controller) {
      for (const slice of slices) controller.enqueue(slice);
      controller.close();
    },
  }), { headers: { 'content-type': 'text/event-stream' } });
  let events = 0;
  let text = '';
  for await (const chunk of Stream.fromSSEResponse(response, new AbortController())) {
    events += 1;
    text += chunk.choices[0]?.delta?.content ?? '';
  }
  if (text.length === 0) throw new Error('no text');
  return events;
}

async function median(work) {
  const times = [];
  for (let run = 0; run < runs + 2; run += 1) {
    const start = process.cpuUsage(); // as ours: what else the machine does is not theirs
    const events = await work();
    const { user, system } = process.cpuUsage(start);
    const spent = (user + system) * 1e3 / events;
    if (run >= 2) times.push(spent); // the first two warm the compiler up
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}

console.log(JSON.stringify({
  'eventsource-parser framing': await median(framing),
  'eventsource-parser and JSON.parse': await median(framingAndJson),
  'openai SDK': await median(sdk),
}));
