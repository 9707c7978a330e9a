/** What a command of the bench measured, as it stands in `bench/results/<name>.json`. */
export interface RecordedResult<Figures = unknown> {
  readonly name: string
  /** What was typed. */
  readonly command: string
  /** Day, `YYYY-MM-DD`. */
  readonly date: string
  /** Machine and versions, one line. */
  readonly machine: string
  readonly processors: number
  /** Load average of the last minute when the command began and when it ended; the end counts the command itself. */
  readonly loadBefore: number
  readonly loadAfter: number
  /** Minutes that all of it took. */
  readonly minutes: number
  /** Made with `--quick`: shows that the command works, and nothing else. */
  readonly quick: boolean
  readonly figures: Figures
}

/** Whether other work kept the machine busy when the command began: more than half of its processors. */
export function wasBusy({ loadBefore, processors }: RecordedResult): boolean {
  return loadBefore > processors / 2
}
