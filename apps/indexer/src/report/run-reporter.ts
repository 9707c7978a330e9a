import type { PipelineEvent } from '@quern/pipeline'

/** Shows a run while it goes. */
export interface RunReporter extends Disposable {
  readonly onEvent: (event: PipelineEvent) => void
  /** Says something beside the progress. */
  readonly say: (message: string) => void
}
