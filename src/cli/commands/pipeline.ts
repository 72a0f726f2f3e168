import type { Build } from '../command.ts';
import { buildPipelineLogs } from './pipeline-logs.ts';
import { buildPipelineCancel, buildPipelineRetry, buildPipelineRun } from './pipeline-run.ts';
import { buildPipelineList, buildPipelineRuns } from './pipeline-list.ts';
import { buildPipelineExplain, buildPipelineShow } from './pipeline-show.ts';

export const buildPipeline: Build = (command, context) => {
  buildPipelineList(command, context);
  buildPipelineRun(command, context);
  buildPipelineRuns(command, context);
  buildPipelineShow(command, context);
  buildPipelineExplain(command, context);
  buildPipelineLogs(command, context);
  buildPipelineCancel(command, context);
  buildPipelineRetry(command, context);
};
