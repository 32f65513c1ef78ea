import { afterEach, describe, expect, test } from 'vitest';
import type { Spool, SpoolUpload } from '../../src/inbox/spool.ts';
import type { UploadStore } from '../../src/store/upload-store.ts';
import { AnInbox, REPUT, SCP, yes } from './an-inbox.ts';
import { filesKept } from './files-kept.ts';

let inbox: AnInbox;
afterEach(() => inbox.remove());

const TICKETS = '/test/tickets.csv';

/** The real store, except for some methods. A store is a proxy, so that it cannot be spread. */
function storeWith(methods: (real: UploadStore) => Partial<UploadStore>) {
  return (real: UploadStore): UploadStore => {
    const own = methods(real);
    return new Proxy(real, { get: (target, name) => Reflect.get(name in own ? own : target, name) });
  };
}

/** The real spool, except for some methods of its uploads. */
function uploadsWith(methods: (real: SpoolUpload) => Partial<SpoolUpload>) {
  return (real: Spool): Spool => ({
    ...real,
    openUpload: async (file) => {
      const upload = await real.openUpload(file);
      return { ...upload, ...methods(upload) };
    },
  });
}

function diskError(code: string): Error {
  return Object.assign(new Error(`${code}: the disk says no`), { code });
}

describe('CLOSE', () => {
  test('makes the bytes durable before the record, and is answered after both', async () => {
    const seen: string[] = [];
    inbox = await AnInbox.open({
      spool: uploadsWith((real) => ({
        sync: async () => {
          await real.sync();
          seen.push('bytes');
        },
      })),
      store: storeWith((real) => ({
        commitUpload: async (...args) => {
          await real.commitUpload(...args);
          seen.push('record');
        },
      })),
    });
    const handle = await inbox.open(TICKETS, SCP);
    yes(await handle.write(0, Buffer.from('x')));
    yes(await handle.close());
    seen.push('answer');
    expect(seen).toEqual(['bytes', 'record', 'answer']);
  });

  test('that the store does not take is our fault, and leaves the file uncommitted', async () => {
    const commitUpload = () => Promise.reject(new Error('the store is gone'));
    inbox = await AnInbox.open({ store: storeWith(() => ({ commitUpload })) });
    const handle = await inbox.open(TICKETS, SCP);
    yes(await handle.write(0, Buffer.from('bytes')));
    await expect(handle.close()).rejects.toThrow('the store is gone');
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
    await inbox.crash();
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
    expect(await inbox.get(TICKETS)).toBe('bytes');
  });

  test('whose sync fails is our fault, and leaves the file uncommitted', async () => {
    const sync = () => Promise.reject(diskError('EIO'));
    inbox = await AnInbox.open({ spool: uploadsWith(() => ({ sync })) });
    const handle = await inbox.open(TICKETS, SCP);
    yes(await handle.write(0, Buffer.from('x')));
    await expect(handle.close()).rejects.toThrow('EIO');
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
  });
});

describe('a full disk', () => {
  const full = (when: (written: number) => boolean) => {
    let written = 0;
    return uploadsWith((real) => ({
      write: async (offset, bytes) => {
        if (when(written)) throw diskError('ENOSPC');
        await real.write(offset, bytes);
        written += 1;
      },
    }));
  };

  test('refuses every WRITE from then on and the CLOSE, with a text, and keeps what was there', async () => {
    let room = false;
    inbox = await AnInbox.open({ spool: full((written) => written >= 1 && !room) });
    const handle = await inbox.open(TICKETS, SCP);
    const no = { code: 'failed', message: expect.stringContaining('disk of the server is full') };
    yes(await handle.write(0, Buffer.from('1')));
    expect(await handle.write(1, Buffer.from('2'))).toMatchObject(no);
    room = true;
    expect(await handle.write(2, Buffer.from('3'))).toMatchObject(no); // the hole is still there
    expect(await handle.sync()).toMatchObject(no);
    expect(await handle.close()).toMatchObject(no);
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
    expect(await inbox.get(TICKETS)).toBe('1');
    await inbox.put(TICKETS, 'whole');
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
  });

  test('that shows only when the bytes are made durable refuses the CLOSE', async () => {
    const sync = () => Promise.reject(diskError('EDQUOT'));
    inbox = await AnInbox.open({ spool: uploadsWith(() => ({ sync })) });
    const handle = await inbox.open(TICKETS, SCP);
    expect(await handle.close()).toMatchObject({ code: 'failed' });
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
  });

  test('refuses the OPEN that would have to copy, and the import keeps its file', async () => {
    const copy = () => Promise.reject(diskError('ENOSPC'));
    inbox = await AnInbox.open({ spool: (real) => ({ ...real, copy }) });
    await inbox.put(TICKETS, 'first');
    const claim = await inbox.take();
    expect(await inbox.drop.openWrite(TICKETS, REPUT)).toMatchObject({ code: 'failed' });
    expect(await inbox.spooled(claim.import.file_id)).toBe('first');
  });

  test('is no other fault: that one is thrown, and the CLOSE does not commit either', async () => {
    const write = () => Promise.reject(diskError('EIO'));
    inbox = await AnInbox.open({ spool: uploadsWith(() => ({ write })) });
    const handle = await inbox.open(TICKETS, SCP);
    await expect(handle.write(0, Buffer.from('x'))).rejects.toThrow('EIO');
    expect(await handle.close()).toMatchObject({ code: 'failed' });
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
  });
});

describe('a process that died', () => {
  test('while a file was written leaves it incomplete with the bytes it had, to be resumed', async () => {
    inbox = await AnInbox.open();
    const handle = await inbox.open(TICKETS, SCP);
    yes(await handle.write(0, Buffer.from('half of')));
    await inbox.crash();
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
    expect(await inbox.store.openUploads()).toEqual([]);
    expect(yes(await inbox.drop.stat(TICKETS)).size).toBe(7);
    await inbox.put(TICKETS, ' a file', REPUT);
    expect(await inbox.get(TICKETS)).toBe('half of a file');
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
  });

  test('between the record of an OPEN and the first byte leaves an empty file', async () => {
    let inStore = () => {};
    const recorded = new Promise<void>((resolve) => (inStore = resolve));
    inbox = await AnInbox.open({
      spool: (real) => ({
        ...real,
        openUpload: () => {
          inStore();
          return new Promise(() => {});
        },
      }),
    });
    void inbox.drop.openWrite(TICKETS, SCP);
    await recorded;
    await inbox.crash();
    expect(yes(await inbox.drop.stat(TICKETS)).size).toBe(0);
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
  });

  test('after a CLOSE was answered loses nothing, even with a dead connection still open on the file', async () => {
    inbox = await AnInbox.open();
    const dead = await inbox.open(TICKETS, SCP);
    yes(await dead.write(0, Buffer.from('old')));
    await inbox.put(TICKETS, 'whole');
    await inbox.crash();
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
    expect((await inbox.take()).import.size).toBe(5);
  });

  test('does not keep a file from being written over', async () => {
    inbox = await AnInbox.open();
    yes(await (await inbox.open(TICKETS, SCP)).write(0, Buffer.from('a long half')));
    await inbox.crash();
    await inbox.put(TICKETS, 'whole');
    expect(await inbox.get(TICKETS)).toBe('whole');
    expect(await filesKept(inbox)).toBe(1);
  });
});
