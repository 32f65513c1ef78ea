// Works on the replays of the store in the directory it is given, an event at a time, until it is killed.
import { openDatabase } from '../../src/store/sqlite/connection.ts';
import { storeMethods } from '../../src/store/sqlite/methods-of.ts';
import { HOUR, NOW } from './a-store.ts';

const [directory = ''] = process.argv.slice(2);
const store = storeMethods(openDatabase(directory, 'writer'));
while (store.stepReplays({ now: NOW + HOUR, rows: 1, waiting: 1_000_000 })) process.stdout.write('.');
