import { join } from 'node:path';
import { asRipenError, type RipenError } from '#kernel/errors.ts';
import type { ObjectStore } from '#kernel/objects/index.ts';
import type { Analytics } from '#kernel/analytics/index.ts';
import { checkContract } from './contract/check-contract.ts';
import type { ColumnType, Contract, ContractResult } from './contract/model.ts';
import { columnTypes } from './contract/model.ts';
import { dataErrors } from './errors.ts';
import { snapshotTable } from './materialize.ts';
import type { LoadMode, Snapshot } from './model.ts';
import type { FileFormat } from './table/model.ts';
import { normaliseFile } from './table/normalise-file.ts';
import { oneFileRelation } from './table/relation.ts';
import { columnClass, describeChange, mergeSchemas, type Schema, type Table } from './table/schema.ts';
import { detectFormat, readHead } from './table/source-file.ts';

export interface LoadToInspect {
  readonly file: { readonly path: string; readonly name: string; readonly format: FileFormat | undefined };
  readonly mode: LoadMode;
  readonly dataset: string;
  readonly parent: Snapshot | undefined;
  readonly contract: { readonly rules: Contract; readonly name: string } | undefined;
  /** Newest snapshots of the datasets that the contract refers to. */
  readonly referenced: ReadonlyMap<string, Snapshot>;
  /** Empty, and gone after the load. */
  readonly directory: string;
}

export type Inspection =
  | {
      readonly accepted: true;
      readonly path: string;
      readonly rows: number;
      readonly loaded: Schema;
      readonly schema: Schema;
      readonly result: ContractResult | undefined;
    }
  | {
      readonly accepted: false;
      /** What to throw, once it is known where the load was put. */
      readonly error: (quarantine: string) => RipenError;
      readonly rows: number | undefined;
      readonly result: ContractResult | undefined;
    };

interface Tools {
  readonly analytics: Analytics;
  readonly objects: ObjectStore;
  readonly now: number;
}

/** Reads the file and decides whether its rows may join the dataset. Throws only what is not the file's fault. */
export async function inspectLoad(tools: Tools, load: LoadToInspect): Promise<Inspection> {
  const path = join(load.directory, 'load.parquet');
  let rows: number | undefined;
  try {
    const { path: source, name } = load.file;
    const format = load.file.format ?? detectFormat(await readHead(source, name), name);
    const normalised = await normaliseFile(tools.analytics, {
      file: { path: source, name, format },
      target: path,
      expected: expectedTypes(load),
    });
    rows = normalised.rows;
    const result = await checkAgainstContract(tools, load, { relation: oneFileRelation(path), schema: normalised.schema });
    if (result?.passed === false) return { accepted: false, error: (quarantine) => contractBroken(load, result, quarantine), rows, result };
    const schema = joinedSchema(load, normalised.schema);
    return { accepted: true, path, rows, loaded: normalised.schema, schema, result };
  } catch (error) {
    const known = asRipenError(error);
    if (!isFilesFault(known)) throw error;
    return { accepted: false, error: () => known, rows, result: undefined };
  }
}

function isFilesFault({ code }: RipenError): boolean {
  return code === 'data.schema-changed' || (code.startsWith('data.file-') && code !== 'data.file-not-found');
}

/** Types that text is read as: those of the contract, then those the dataset has. */
function expectedTypes({ mode, parent, contract }: LoadToInspect): ReadonlyMap<string, ColumnType> {
  const expected = new Map<string, ColumnType>();
  for (const { name, type } of mode === 'append' ? (parent?.schema ?? []) : []) {
    const found = columnTypes.find((known) => known === columnClass(type));
    if (found !== undefined) expected.set(name, found);
  }
  for (const { name, type } of contract?.rules.columns ?? []) if (type !== undefined) expected.set(name, type);
  return expected;
}

async function checkAgainstContract(
  { analytics, objects, now }: Tools,
  load: LoadToInspect,
  table: Table,
): Promise<ContractResult | undefined> {
  if (load.contract === undefined) return undefined;
  const references = new Map<string, Table>();
  for (const [name, snapshot] of load.referenced) {
    references.set(name, await snapshotTable(objects, snapshot, join(load.directory, `references-${references.size}`)));
  }
  const appends = load.mode === 'append' && load.parent !== undefined && load.contract.rules.columns.some((column) => column.unique);
  const existing =
    appends && load.parent !== undefined ? await snapshotTable(objects, load.parent, join(load.directory, 'existing')) : undefined;
  return checkContract(analytics, {
    contract: load.contract.rules,
    table,
    context: { now, references, existing },
    file: load.contract.name,
  });
}

function contractBroken({ dataset, file }: LoadToInspect, result: ContractResult, quarantine: string): RipenError {
  const failed = result.rules
    .filter((rule) => !rule.passed)
    .map((rule) => (rule.column === undefined ? rule.explanation : `"${rule.column}": ${rule.explanation}`));
  const shown = failed.length > 5 ? [...failed.slice(0, 5), `and ${failed.length - 5} more`] : failed;
  return dataErrors['contract-broken']({ dataset, file: file.name, failed: shown, quarantine });
}

function joinedSchema({ mode, parent, dataset }: LoadToInspect, loaded: Schema): Schema {
  if (mode === 'replace' || parent === undefined) return loaded;
  const { schema, conflicts } = mergeSchemas(parent.schema, loaded);
  if (conflicts.length > 0) throw dataErrors['schema-changed']({ dataset, changes: conflicts.map(describeChange) });
  return schema;
}
