// A process that serves the real inbox on storage that takes five seconds for a write. Says where and how when it is ready, and is to be killed.
import { flushCompileCache } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { AnInbox } from '../inbox/an-inbox.ts';
import { startSite } from './an-sftp-server.ts';

const SLOW = 5_000; // ms

const inbox = await AnInbox.open({
  spool: (real) => ({
    ...real,
    openUpload: async (file) => {
      const upload = await real.openUpload(file);
      const write = async (offset: number, ...pieces: readonly Uint8Array[]) => {
        await sleep(SLOW);
        await upload.write(offset, ...pieces);
      };
      return { ...upload, write };
    },
  }),
});
const { port, key, directory } = await startSite({}, undefined, () => inbox.drop);
const directories = [directory, inbox.kept.directory];
flushCompileCache(); // the next one, if it has a cache, is to be measured without the compiler
process.stdout.write(`${JSON.stringify({ port, key, directories })}\n`);
