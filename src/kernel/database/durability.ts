/**
 * How hard a commit tries to reach the disk. `normal`: on SQLite a commit survives a crash of Ripen, but the machine's crash may take
 * the last ones; PostgreSQL does what its own `synchronous_commit` says. `full`: on both a commit survives the machine's crash too.
 */
export type Durability = 'normal' | 'full';
