import { sql } from 'kysely';
import type { DialectName } from '#kernel/database/index.ts';
import { trackingErrors } from '../errors.ts';
import { everything, type Test, type Value } from './compare-store.ts';
import type { Place, PlaceKey } from './place.ts';
import type { ValueType } from './searchable-store.ts';

/** One key that rows are sorted by. */
export interface SortKey {
  readonly expression: Value;
  readonly type: ValueType;
  readonly descending: boolean;
  /** 0 for rows that have the key, more for those behind them, whichever way the key goes; left out when all have it. */
  readonly rank?: Value;
}

/** An order that pages can begin behind. The last key is unique among the rows. */
export interface Keyset {
  /** Belongs into the select list. */
  readonly columns: Value;
  /** Belongs behind `order by`. */
  readonly by: Value;
  /** Holds for the rows behind the place; for all rows when there is none. @throws `tracking.page-token-invalid` */
  after(place: Place | undefined): Test;
  /** Where a row stands that was selected with `columns`. */
  placeOf(row: object): Place;
}

interface Step {
  readonly name: string;
  readonly expression: Value;
  readonly type: ValueType;
  readonly descending: boolean;
  /** The place may lack it: its rank says that the row has no such key. */
  readonly optional: boolean;
}

export function keysetOf(keys: readonly SortKey[], dialect: DialectName): Keyset {
  const steps = keys.flatMap((key, index) => stepsOf(key, index, dialect));
  return {
    columns: sql.join(steps.map(({ expression, name }) => sql`${expression} as ${sql.ref(name)}`)),
    by: sql.join(steps.map(({ expression, descending }) => sql`${expression} ${descending ? sql`desc` : sql`asc`}`)),
    after(place) {
      if (place === undefined) return everything;
      if (place.length !== steps.length || !steps.every((step, index) => fits(step, place[index])))
        throw trackingErrors['page-token-invalid']({});
      return behind(steps, place);
    },
    placeOf: (row) => {
      const cells = row as Readonly<Record<string, unknown>>;
      return steps.map(({ name }) => keyOf(cells[name]));
    },
  };
}

function stepsOf(key: SortKey, index: number, dialect: DialectName): Step[] {
  // Other collations would put "b" before "A" on one database only.
  const expression = key.type === 'text' && dialect === 'postgres' ? sql`(${key.expression}) collate "C"` : key.expression;
  const step: Step = { ...key, expression, name: `sort_${index}`, optional: key.rank !== undefined };
  if (key.rank === undefined) return [step];
  return [{ name: `rank_${index}`, expression: key.rank, type: 'whole', descending: false, optional: false }, step];
}

function fits({ type, optional }: Step, key: PlaceKey | undefined): boolean {
  if (key === null) return optional;
  return type === 'whole' ? Number.isSafeInteger(key) : typeof key === (type === 'text' ? 'string' : 'number');
}

function keyOf(cell: unknown): PlaceKey {
  return typeof cell === 'string' || typeof cell === 'number' ? cell : null;
}

/** Rows behind the place by the first key, or level in it and behind by the next ones. */
function behind(steps: readonly Step[], place: Place): Test {
  const [step, ...rest] = steps;
  const key = place[0];
  if (step === undefined || key === undefined) return sql<boolean>`1 = 0`;
  // Rows without the key are level in it: their rank has told them apart from the others.
  if (key === null) return behind(rest, place.slice(1));
  const value = parameter(step, key);
  const further: Test = sql`${step.expression} ${step.descending ? sql`<` : sql`>`} ${value}`;
  if (rest.length === 0) return further;
  const level: Test = sql`(${step.expression} = ${value} and ${behind(rest, place.slice(1))})`;
  // The first test says the same as both others need; an index can begin there.
  return sql`(${step.expression} ${step.descending ? sql`<=` : sql`>=`} ${value} and (${further} or ${level}))`;
}

function parameter({ type }: Step, key: string | number): Value {
  if (type === 'text') return sql`${key}`;
  return type === 'whole' ? sql`cast(${key} as bigint)` : sql`cast(${key} as double precision)`;
}
