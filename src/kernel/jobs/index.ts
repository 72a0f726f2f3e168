export { createJobs } from './jobs.ts';
export { jobMigrations } from './migrations.ts';
export type { Job, Jobs, Schedule } from './model.ts';
export { nextTime } from './schedule-times.ts';
