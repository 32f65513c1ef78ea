// Commits chunk after chunk to the store of the directory it is given, until it is killed.
import { packRows } from '../../src/store/chunk-rows.ts';
import { openDatabase } from '../../src/store/sqlite/connection.ts';
import { storeMethods } from '../../src/store/sqlite/methods-of.ts';
import { INTEGRATION, NOW, PATHS, purchase, queueFile } from './a-store.ts';

const CHUNK = 50;
const [directory = ''] = process.argv.slice(2);
const store = storeMethods(openDatabase(directory, 'writer'));
const account = store.account('partner');
if (!account) throw new Error('the account is missing');
queueFile(store, account);
const claim = store.claimImport(1000, NOW);
if (!claim) throw new Error('nothing to claim');

for (let rows = CHUNK; ; rows += CHUNK) {
  store.commitChunk({
    import: claim.import.id,
    epoch: claim.epoch,
    rows: packRows(
      Array.from({ length: CHUNK }, (_, i) => purchase(rows - CHUNK + i + 1, `key-${rows - CHUNK + i + 1}`)),
    ),
    shapes: [{ integration_id: INTEGRATION, product_id: 'pr_1', product_version: 1, paths: PATHS }],
    checkpoint: { rows, offset: rows, line: rows },
    now: NOW,
  });
  process.stdout.write('.');
}
