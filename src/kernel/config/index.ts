export { type EffectiveSetting, loadConfig } from './load.ts';
export type { Settings } from './settings.ts';
