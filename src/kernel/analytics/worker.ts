/**
 * The analytics process: owns one in-memory DuckDB and answers queries over IPC, one connection a query. It is a process of its own because
 * a bad file can end DuckDB with a signal, and because DuckDB's memory must not count as the control plane's.
 */
import { type DuckDBConnection, DuckDBInstance, type DuckDBResult } from '@duckdb/node-api';
import type { Reply, Request, WorkerSettings } from './protocol.ts';
import { quoteLiteral } from './quote.ts';
import { boundParameter, plainValue } from './values.ts';

const rowsPerBatch = 8192;
const interruptEveryMs = 20;
const running = new Map<number, DuckDBConnection | undefined>();

// The parent is gone: nobody waits for a result. SIGKILL, because a normal exit would wait for DuckDB's threads.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C in a terminal reaches the whole process group; the parent decides when this process ends.
process.on('SIGINT', () => undefined);

const instance = await openInstance(JSON.parse(process.argv[2] ?? '{}'));
process.on('message', (request: Request) => {
  if (request.kind === 'cancel') interrupt(request.id);
  else void answer(request);
});

/** Again and again, because an interrupt between two statements is lost. */
function interrupt(id: number): void {
  if (!running.has(id)) return;
  running.get(id)?.interrupt();
  setTimeout(() => interrupt(id), interruptEveryMs);
}

async function openInstance(settings: WorkerSettings): Promise<DuckDBInstance> {
  const opened = await DuckDBInstance.create(':memory:', {
    threads: String(settings.threads),
    memory_limit: `${Math.floor(settings.memoryLimitBytes / 1024)}KiB`,
    temp_directory: settings.spillDirectory,
    extension_directory: settings.spillDirectory,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    preserve_insertion_order: 'true',
  });
  const connection = await opened.connect();
  await connection.run(`SET GLOBAL TimeZone = ${quoteLiteral('UTC')}`);
  await connection.run('SET lock_configuration = true');
  connection.closeSync();
  return opened;
}

async function answer(request: Extract<Request, { kind: 'query' }>): Promise<void> {
  const { id } = request;
  running.set(id, undefined);
  let connection: DuckDBConnection | undefined;
  try {
    connection = await instance.connect();
    running.set(id, connection);
    const bound = request.parameters.map(boundParameter);
    const values = bound.map((parameter) => parameter.value);
    const types = bound.map((parameter) => parameter.type);
    const result = bound.length === 0 ? await connection.stream(request.sql) : await connection.stream(request.sql, values, types);
    const complete = await sendRows(request, result);
    await send({ kind: complete ? 'done' : 'too-large', id });
  } catch (error) {
    await send({ kind: 'failed', id, message: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
    connection?.closeSync();
  }
}

async function sendRows({ id, maxRows }: Extract<Request, { kind: 'query' }>, result: DuckDBResult): Promise<boolean> {
  const names = result.deduplicatedColumnNames();
  await send({ kind: 'names', id, names });
  let columns = names.map((): ReturnType<typeof plainValue>[] => []);
  let waiting = 0;
  let total = 0;
  for await (const chunk of result) {
    total += chunk.rowCount;
    if (total > maxRows) return false;
    for (const [index, column] of columns.entries()) {
      for (const value of chunk.getColumnValues(index)) column.push(plainValue(value));
    }
    waiting += chunk.rowCount;
    if (waiting < rowsPerBatch) continue;
    await send({ kind: 'batch', id, columns });
    columns = names.map(() => []);
    waiting = 0;
  }
  if (waiting > 0) await send({ kind: 'batch', id, columns });
  return true;
}

function send(reply: Reply): Promise<void> {
  return new Promise((resolve) => {
    // A failed send means that the parent is gone, and `disconnect` ends this process.
    process.send?.(reply, undefined, undefined, () => resolve());
  });
}
