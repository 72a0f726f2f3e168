/** The JSON of tracking. Times are epoch milliseconds, sizes bytes; what is absent is left out. */

export * from './artifacts/wire.ts';
export * from './experiments/wire.ts';
export * from './metrics/wire.ts';
export * from './runs/wire.ts';
