// Logs more than anybody reads, says so on stdout, and has one more line once it is asked for.
import { once } from 'node:events';
import { createLog } from '../../src/serve/log.ts';

const LINES = 30_000;

const log = createLog(false);
for (let n = 0; n < LINES; n++) log.info('x'.repeat(100), { n });
process.stdout.write('logged\n');
await once(process.stdin.resume(), 'end');
log.info('the last line');
