export { buildWeb } from './build-web.ts';
export { type App, type Composition, type RunningServer, serve } from './serve.ts';
export { installation, version } from './version.ts';
