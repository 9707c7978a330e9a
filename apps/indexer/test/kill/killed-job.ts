import type { Job } from './do-job.ts'

/** A named moment of a run, and which of those of this name, from 0. */
export interface FailPoint {
  readonly name: string
  readonly occurrence: number
}

/** What the process is told. */
export interface KilledJob extends Job {
  readonly embedded: string
  readonly point: FailPoint | undefined
}

/** What it tells at its end. */
export interface PassedPoints {
  /** How often each point was passed. */
  readonly points: Readonly<Record<string, number>>
  readonly largestBatch: number
}
