export { jobErrors } from './errors.ts';
export { createJobs } from './jobs.ts';
export { jobMigrations } from './migrations.ts';
export type { Job, JobDefinition, JobFilter, JobId, Jobs, JobsOptions, JobState, NewJob, NewSchedule, Schedule } from './model.ts';
export { nextTime } from './schedule-times.ts';
