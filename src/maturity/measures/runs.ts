/** Runs and pipelines: what each run was bound to, what it recorded, what started it. */
import { shareOfEvents } from './share.ts';

const runs = { one: 'run', many: 'runs', none: 'no run has started in this time' };
const finished = { one: 'run', many: 'runs', none: 'no run has finished in this time' };
const pipelineRuns = { one: 'pipeline run', many: 'pipeline runs' };

export const onRegisteredCompute = shareOfEvents((facts) => facts.runs.onCompute, {
  ...runs,
  has: 'names its compute target and its environment',
  have: 'name their compute target and their environment',
});

export const resourcesKnown = shareOfEvents((facts) => facts.runs.resourcesKnown, {
  ...finished,
  has: 'recorded duration, processor time and peak memory',
  have: 'recorded duration, processor time and peak memory',
});

export const tracked = shareOfEvents((facts) => facts.runs.tracked, {
  one: 'training run',
  many: 'training runs',
  none: 'no training has finished in this time',
  has: 'recorded parameters and metrics',
  have: 'recorded parameters and metrics',
});

export const cleanCommit = shareOfEvents((facts) => facts.runs.cleanCommit, {
  ...runs,
  has: 'ran a commit without local changes',
  have: 'ran a commit without local changes',
});

export const versionedInputs = shareOfEvents((facts) => facts.runs.versionedInputs, {
  ...runs,
  has: 'read only snapshots with a digest',
  have: 'read only snapshots with a digest',
});

export const pinnedEnvironment = shareOfEvents((facts) => facts.runs.pinnedEnvironment, {
  ...runs,
  has: 'names the digest of its environment',
  have: 'name the digest of their environment',
});

export const triggered = shareOfEvents((facts) => facts.runs.triggered, {
  ...pipelineRuns,
  none: 'no pipeline run has started in this time',
  has: 'was started by a schedule, new data, an alert or a commit',
  have: 'were started by a schedule, new data, an alert or a commit',
});

export const dependable = shareOfEvents((facts) => facts.runs.dependable, {
  ...pipelineRuns,
  none: 'no pipeline run has finished in this time',
  has: 'succeeded',
  have: 'succeeded',
});
