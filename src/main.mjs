// Plain JavaScript, so that Node need not load its compiler of types (15 MB): the rest comes from the cache.
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// Bytes that came in and went to disk are freed when the young heap is collected. While it stays small (1 MB) that
// happens often, and an upload leaves 80 MB less behind. Threads, which have limits of their own, begin with what those allow.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--min-semi-space-size=4');
// Until then they count against a limit that follows the size of the old heap, which is small: unless that may grow to
// three times its size, an upload has 30 full collections a second, two thirds of its processor time.
setFlagsFromString('--heap-growing-percent=200');

// Code that is compiled once starts in half the time, and saves each thread the compiler (15 MB).
const COMPILED = fileURLToPath(new URL('../node_modules/.cache/policydrop', import.meta.url));
enableCompileCache(COMPILED);
process.env['NODE_COMPILE_CACHE'] ??= COMPILED; // how threads learn of it

// The bootstrap holds the other end of this channel: when it is killed, this process must not live on.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();

const { runCli } = await import('./cli/program.ts'); // only now, so that it comes from the cache
process.exitCode = await runCli(process.argv.slice(2));
