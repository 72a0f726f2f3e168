import type { RunWire } from '#tracking/index.ts';
import { wireRun } from './run-message.ts';
import { type ImportSession, insist } from './session.ts';
import type { SourceRun } from './source.ts';

/** Compares a run in Ripen with the source, value by value. */
export async function compareRun(session: ImportSession, run: SourceRun): Promise<void> {
  const { tally, client } = session;
  const here = await insist(session, () => client.get<RunWire>(`${session.base}/runs/${encodeURIComponent(run.id)}`));
  tally.report.compared.runs += 1;
  const wanted = wireRun(session, run);
  const differ = (what: string, source: string | number | undefined, ripen: string | number | undefined) =>
    tally.lack({ kind: 'runs', id: run.id, problem: `${what} is ${shown(source)} at the source and ${shown(ripen)} in Ripen` });
  for (const fact of ['state', 'startedAt', 'finishedAt'] as const) if (wanted[fact] !== here[fact]) differ(fact, wanted[fact], here[fact]);
  for (const [name, value] of Object.entries(wanted.parameters))
    if (here.parameters[name] !== value) differ(`the parameter "${name}"`, value, here.parameters[name]);
  for (const [name, value] of Object.entries(wanted.tags))
    if (here.tags[name] !== value) differ(`the tag "${name}"`, value, here.tags[name]);
  for (const { name, value } of run.metrics) {
    const kept = here.metrics[name];
    if (kept === undefined) differ(`the metric "${name}"`, value, undefined);
    // Of points of one step and time one of which is NaN, MLflow calls the one the latest that came first.
    else if (Number(kept) !== value && !Number.isNaN(value) && !Number.isNaN(Number(kept))) differ(`the latest "${name}"`, value, kept);
  }
}

function shown(value: string | number | undefined): string {
  return value === undefined ? 'absent' : String(value).slice(0, 60);
}
