import { openDatabase } from '#kernel/database/index.ts';
import { openOrchard } from './orchard.ts';

/** A server over a folder and a database, run as a process of its own so that a test can kill it. Arguments: folder, database URL. */
const [, , folder = '', url = ''] = process.argv;
const orchard = await openOrchard(await openDatabase(url), { folder });
await orchard.boot().start();
process.stdout.write('ready\n');
