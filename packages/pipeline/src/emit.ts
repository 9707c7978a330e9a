import type { PipelineEvent, PipelineListener } from './pipeline-event.ts'

/** Sends an event to the listener, if there is one. Never throws. */
export type Emit = (event: PipelineEvent) => void

/** Makes an `Emit` around a listener. A listener that throws is not called again: progress must not end a run. */
export function createEmit(listener: PipelineListener | undefined): Emit {
  let current = listener
  return (event) => {
    try {
      current?.(event)
    } catch {
      current = undefined
    }
  }
}
