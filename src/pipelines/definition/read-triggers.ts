import { nextTime } from '#kernel/jobs/index.ts';
import { RipenError } from '#kernel/errors.ts';
import { nearestName } from '#kernel/nearest-name.ts';
import type { ParameterValues, Trigger, TriggerKind } from '../model.ts';
import type { Place, YamlReader } from './yaml-reader.ts';

/** Events that may start a pipeline, and what kind of trigger each is. */
export const triggeringEvents: Readonly<Record<string, TriggerKind>> = {
  'dataset.snapshot.published': 'new-data',
  'labels.received': 'new-data',
  'pipeline.run.finished': 'new-data',
  'alert.fired': 'alert',
  'drift.detected': 'alert',
};

const keys = ['on', 'where', 'cron', 'zone', 'parameters'] as const;

export function readTrigger(reader: YamlReader, place: Place): Trigger | undefined {
  const fields = new Map(reader.members(place, keys).map((field) => [field.key, field]));
  const parameters = readValues(reader, fields.get('parameters'));
  const [on, cron] = [fields.get('on'), fields.get('cron')];
  if ((on === undefined) === (cron === undefined))
    return reader.problem(place, `${place.name} needs either "on" with an event or "cron" with a schedule`);
  if (on !== undefined) return readEvent(reader, { on, where: fields.get('where'), parameters });
  const text = reader.text(cron);
  const zone = reader.text(fields.get('zone')) ?? 'UTC';
  if (text === undefined) return undefined;
  try {
    nextTime(text, zone, Date.UTC(2026, 0, 1));
  } catch (error) {
    if (!(error instanceof RipenError)) throw error;
    return reader.problem(cron ?? place, error.message.replace(/\.$/, ''));
  }
  return { kind: 'schedule', cron: text, zone, parameters };
}

function readEvent(reader: YamlReader, from: { on: Place; where: Place | undefined; parameters: ParameterValues }): Trigger | undefined {
  const on = reader.text(from.on);
  if (on === undefined) return undefined;
  const known = Object.keys(triggeringEvents);
  if (!known.includes(on)) {
    const nearest = nearestName(on, known);
    return reader.problem(
      from.on,
      `"${on}" cannot start a pipeline; ${nearest === undefined ? `known are ${known.join(', ')}` : `did you mean "${nearest}"?`}`,
    );
  }
  return { kind: 'event', on, where: readValues(reader, from.where), parameters: from.parameters };
}

export function readValues(reader: YamlReader, place: Place | undefined): ParameterValues {
  const members = place === undefined ? [] : reader.members(place);
  return Object.fromEntries(
    members.flatMap((member) => {
      const value = reader.json(member);
      return value === undefined ? [] : [[member.key, value] as const];
    }),
  );
}
