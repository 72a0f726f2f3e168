import type { ChangeContext } from '#kernel/events/index.ts';
import { nearestName } from '#kernel/nearest-name.ts';
import type { Rooms } from '../deps.ts';
import { monitoringErrors } from '../errors.ts';
import { type Alert, moveAlert, type Silence } from '../model.ts';
import { listMonitors } from '../monitors/monitor-store.ts';
import { askToSettle } from '../windows/jobs.ts';
import { findAlert, insertSilence, putAlert } from './alert-store.ts';

const longestSilence = 90 * 86_400_000;

export function createAlertCommands({ kernel }: Rooms) {
  const { events, database, clock, ids, jobs } = kernel;
  return {
    /**
     * Says that somebody has seen the alert; a second time only changes the note.
     * @throws `monitoring.alert-not-found`, `monitoring.alert-over`
     */
    async acknowledge(context: ChangeContext, of: { project: string; alert: string; note?: string | undefined }): Promise<Alert> {
      return events.change({ ...context, project: of.project }, async (change) => {
        const before = await findAlert(change, of.project, of.alert);
        if (before === undefined) throw monitoringErrors['alert-not-found']({ alert: of.alert });
        const state = moveAlert(before.state, 'acknowledge');
        if (state === undefined) throw monitoringErrors['alert-over']({ alert: of.alert, state: before.state });
        const { id, name } = context.actor;
        const now = clock.now();
        const acknowledged: Alert = { ...before, state, updatedAt: now, acknowledgement: { by: { id, name }, at: now, note: of.note } };
        await putAlert(change, acknowledged);
        const data = { alert: before.id, rule: before.rule, deployment: before.deployment, severity: before.severity, note: of.note };
        change.emit({ type: 'alert.acknowledged', source: 'monitoring', subject: `projects/${of.project}/alerts/${before.id}`, data });
        return acknowledged;
      });
    },

    /**
     * Lets a rule tell nobody until a time. What still fires then is told then.
     * @throws `monitoring.rule-not-found`, `monitoring.silence-not-ahead`
     */
    async silence(context: ChangeContext, of: { project: string; rule: string; until: number; reason: string }): Promise<Silence> {
      const now = clock.now();
      if (!(of.until > now && of.until <= now + longestSilence)) throw monitoringErrors['silence-not-ahead']({});
      const monitors = (await listMonitors(database, of.project)).filter(({ declaration }) =>
        declaration.alerts.some(({ name }) => name === of.rule),
      );
      if (monitors.length === 0) throw await ruleNotFound(of.project, of.rule);
      const { id, name } = context.actor;
      const silence: Silence = { id: ids.next(), rule: of.rule, from: now, until: of.until, reason: of.reason, by: { id, name } };
      await events.change({ ...context, project: of.project }, async (change) => {
        await insertSilence(change, of.project, silence);
        for (const watched of monitors) await askToSettle(jobs, change, { watched, at: of.until });
        const data = { rule: of.rule, until: of.until, reason: of.reason };
        change.emit({ type: 'alert.silenced', source: 'monitoring', subject: `projects/${of.project}/alert-rules/${of.rule}`, data });
      });
      return silence;
    },
  };

  async function ruleNotFound(project: string, rule: string): Promise<Error> {
    const names = (await listMonitors(database, project)).flatMap(({ declaration }) => declaration.alerts.map(({ name }) => name));
    return monitoringErrors['rule-not-found']({ rule, nearest: nearestName(rule, names) });
  }
}
