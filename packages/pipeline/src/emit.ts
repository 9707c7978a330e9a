import type { PipelineEvent } from './pipeline-event.ts'
import type { FailedSource } from './prepare-source.ts'

/** Sends an event to the listener, if there is one. Never throws. */
export type Emit<E = PipelineEvent> = (event: E) => void

/** Makes an `Emit` around a listener. A listener that throws or rejects is not called again: progress must not end a run. */
export function createEmit<E = PipelineEvent>(listener: ((event: E) => void) | undefined): Emit<E> {
  let current = listener
  const drop = (): void => {
    current = undefined
  }
  return (event) => {
    try {
      const answer: unknown = current?.(event)
      if (answer instanceof Promise) answer.catch(drop)
    } catch {
      drop()
    }
  }
}

/** Tells that a source failed, and why. */
export function emitFailure(emit: Emit, { id, error: { code, message, hint } }: FailedSource): void {
  emit({ type: 'source-failed', source: id, code, message, ...(hint === undefined ? {} : { hint }) })
}
