// The reference: the same number of bodies of the same size, posted by undici as they are, as many at a time as ours to as many paths;
// nothing is read from a store, signed or recorded. Arguments: the receiver's port, how many paths, how many requests. Prints the seconds.
import { Agent, request } from 'undici';
import { bodyOf } from '../../src/webhooks/bodies.ts';
import { PER_ENDPOINT } from '../../src/webhooks/sender.ts';
import { EVENTS } from '../../test/webhooks/events.ts';
import { linksAt } from '../../test/webhooks/links.ts';

const [port = '', paths = '1', requests = '0'] = process.argv.slice(2);
const body = bodyOf(EVENTS['policy.created'], linksAt());
const dispatcher = new Agent();
const headers = { 'content-type': 'application/json' };
const begun = performance.now();
let left = Number(requests);
const lanes = Array.from({ length: PER_ENDPOINT * Number(paths) }, async (_, lane) => {
  const url = `http://127.0.0.1:${port}/hooks/${lane % Number(paths)}`;
  while (left-- > 0) {
    const response = await request(url, { method: 'POST', body, headers, dispatcher });
    await response.body.dump();
  }
});
await Promise.all(lanes);
process.stdout.write(String((performance.now() - begun) / 1000), () => process.exit());
