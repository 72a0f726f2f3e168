export { type ConfigSources, type EffectiveSetting, isLoopback, loadConfig } from './load.ts';
export type { Settings } from './settings.ts';
