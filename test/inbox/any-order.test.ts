import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eligible } from '../../src/inbox/names.ts';
import { AnInbox, GRACE, PUT, REPUT, RESUME, SETTLE, yes } from './an-inbox.ts';

type File = { text: string; complete: boolean };

/** What the inbox should hold: the simplest description of a folder that takes files away. */
class Model {
  readonly files = new Map<string, File>();
  readonly imported: string[] = [];

  due(): [string, File][] {
    return [...this.files].filter(([name, file]) => eligible(name) && file.complete);
  }
}

type Step = (inbox: AnInbox, model: Model) => Promise<void>;

const path = (name: string) => `/test/${name}`;

const put = (name: string, text: string, closes: boolean): Step => {
  return async (inbox, { files }) => {
    const handle = await inbox.open(path(name), PUT);
    yes(await handle.write(0, Buffer.from(text)));
    await (closes ? handle.close().then(yes) : handle.abandon());
    files.set(name, { text, complete: closes });
  };
};

const append = (name: string, text: string, closes: boolean): Step => {
  return async (inbox, { files }) => {
    const handle = await inbox.open(path(name), REPUT);
    yes(await handle.write(0, Buffer.from(text)));
    await (closes ? handle.close().then(yes) : handle.abandon());
    files.set(name, { text: (files.get(name)?.text ?? '') + text, complete: closes });
  };
};

const cutByHandle = (name: string, size: number): Step => {
  return async (inbox, { files }) => {
    const handle = await inbox.drop.openWrite(path(name), RESUME);
    const file = files.get(name);
    expect(handle.ok).toBe(file !== undefined);
    if (!handle.ok || !file) return;
    yes(await handle.value.change({ size }));
    const closed = await handle.value.close();
    expect(closed.ok).toBe(size <= file.text.length); // or the end of it was never written
    files.set(name, { text: file.text.slice(0, size), complete: closed.ok });
  };
};

const cutByPath = (name: string, size: number): Step => {
  return async (inbox, { files }) => {
    const cut = await inbox.drop.change(path(name), { size });
    const file = files.get(name);
    expect(cut.ok).toBe(file !== undefined && size <= file.text.length);
    if (!file || file.text.length <= size) return;
    files.set(name, { text: file.text.slice(0, size), complete: false });
  };
};

const rename = (from: string, to: string, replace: boolean): Step => {
  return async (inbox, { files }) => {
    const renamed = await inbox.drop.rename(path(from), path(to), replace);
    const file = files.get(from);
    const may = file !== undefined && (replace || from === to || !files.has(to));
    expect(renamed.ok).toBe(may);
    if (!may || from === to) return;
    files.delete(from);
    files.set(to, { text: file.text, complete: true });
  };
};

const remove = (name: string): Step => {
  return async (inbox, { files }) => {
    expect((await inbox.drop.remove(path(name))).ok).toBe(files.delete(name));
  };
};

const crash = (): Step => (inbox) => inbox.crash();

/** Everything due is imported and moves; `late` is dropped under a name while its file is being imported. */
const importAll = (late: string | undefined): Step => {
  return async (inbox, model) => {
    inbox.now += SETTLE;
    for (const _ of model.due()) {
      const claim = await inbox.store.claimImport(60_000, inbox.now);
      if (!claim) throw new Error('a complete file is not due');
      const { file: name, file_id } = claim.import;
      const file = model.files.get(name);
      expect(file).toEqual({ text: await inbox.spooled(file_id), complete: true });
      model.imported.push(file?.text ?? '');
      model.files.delete(name);
      if (late !== undefined) await put(name, late, false)(inbox, model);
      const end = { report_size: 0, rejected_size: undefined, grace: GRACE, now: inbox.now };
      yes(await inbox.store.completeImport({ import: claim.import.id, epoch: claim.epoch, ...end }));
    }
    expect(await inbox.store.claimImport(60_000, inbox.now)).toBeUndefined();
    inbox.now += GRACE;
    const moved = yes(await inbox.drop.list('/')).length > 2 ? await inbox.names('/imports_processed') : [];
    expect(moved).toHaveLength(model.imported.length);
    inbox.now += 15 * 60_000; // and no tombstone is left for an append to go on from
  };
};

const name = fc.constantFrom('a.csv', 'b.csv', 'c.part');
const text = fc.stringMatching(/^[a-z]{0,8}$/);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(name, text, fc.boolean()).map((args) => put(...args)),
  fc.tuple(name, text, fc.boolean()).map((args) => append(...args)),
  fc.tuple(name, fc.nat(10)).map((args) => cutByHandle(...args)),
  fc.tuple(name, fc.nat(10)).map((args) => cutByPath(...args)),
  fc.tuple(name, name, fc.boolean()).map((args) => rename(...args)),
  name.map(remove),
  fc.constant(crash()),
  fc.option(text, { nil: undefined }).map(importAll),
);

test('in any order of operations, every complete file is imported once, as it was, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      const inbox = await AnInbox.open();
      const model = new Model();
      try {
        for (const step of steps) {
          await step(inbox, model);
          const names = await inbox.names('/test');
          expect(names.toSorted()).toEqual([...model.files.keys()].toSorted());
          for (const [name, { text }] of model.files) {
            expect(await inbox.get(path(name))).toBe(text);
            expect(yes(await inbox.drop.stat(path(name))).size).toBe(text.length);
          }
        }
        await importAll(undefined)(inbox, model);
      } finally {
        await inbox.remove();
      }
    }),
    { numRuns: 12 },
  );
});
