import { wireNumber } from '../wire.ts';
import type { LoggedModel } from './model.ts';
import type { LoggedModelWire } from './wire.ts';

export function wireLoggedModel(model: LoggedModel): LoggedModelWire {
  const { experimentLocation, modelType, sourceRun, deletedAt, metrics, ...always } = model;
  return {
    ...always,
    ...(experimentLocation === undefined ? {} : { experimentLocation }),
    ...(modelType === undefined ? {} : { modelType }),
    ...(sourceRun === undefined ? {} : { sourceRun }),
    ...(deletedAt === undefined ? {} : { deletedAt }),
    metrics: metrics.map(({ name, value, step, time, run, datasetName, datasetDigest }) => ({
      name,
      step,
      time,
      run,
      value: wireNumber(value),
      ...(datasetName === undefined ? {} : { datasetName }),
      ...(datasetDigest === undefined ? {} : { datasetDigest }),
    })),
  };
}
