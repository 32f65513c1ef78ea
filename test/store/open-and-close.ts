// Opens the database of the directory it is given, which it may have to make, and closes it.
import { openDatabase } from '../../src/store/sqlite/connection.ts';

openDatabase(process.argv[2] ?? '', 'writer').close();
