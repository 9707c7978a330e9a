export type { ChunkCounts, PipelineEvent, PipelineListener, RunReport } from './pipeline-event.ts'
export type { MovedSource, Plan, SkippedSource, SourceCounts } from './plan.ts'
