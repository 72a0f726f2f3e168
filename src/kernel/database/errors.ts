import { defineErrors } from '../errors.ts';

export const databaseErrors = defineErrors('database', {
  'unknown-url': {
    kind: 'input',
    message: (a: { url: string }) => `"${a.url}" is no database that Ripen knows.`,
    hint: () => 'Use sqlite:<path> or postgres://user:password@host:port/name in RIPEN_DATABASE_URL.',
  },
  'cannot-open': {
    kind: 'unavailable',
    message: (a: { address: string; reason: string }) => `The database ${a.address} cannot be opened: ${a.reason}.`,
    hint: () => 'Check that the path is writable or the server is up, then run `ripen doctor`.',
  },
  'disk-full': {
    kind: 'limit',
    message: (a: { address: string }) => `The disk that holds ${a.address} is full, so nothing was changed.`,
    hint: () => 'Free some space, then try again.',
  },
  'nested-transaction': {
    kind: 'internal',
    message: (a: { address: string }) => `A transaction on ${a.address} was started inside another one.`,
  },
  'home-in-use': {
    kind: 'conflict',
    message: (a: { home: string }) => `Another Ripen server already works in ${a.home}.`,
    hint: () => 'Stop it first, or give this one its own directory with RIPEN_HOME.',
  },
  'newer-schema': {
    kind: 'conflict',
    message: (a: { migration: string }) =>
      `The database was written by a newer Ripen: it has the migration ${a.migration}, which this version does not know.`,
    hint: () => 'Start the newer version, or restore a backup made by this one.',
  },
});
