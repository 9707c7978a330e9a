/** How long the event loop could not turn. */
export interface Block {
  readonly seconds: number
  /**
   * The longest stretch by the processor time of its thread, which leaves out when other processes had the processor. Not necessarily the
   * same stretch.
   */
  readonly processorSeconds: number
}

/** Watches the event loop of this process. */
export interface BlockWatch extends Disposable {
  /** The longest stretches since the last call, the one that goes on among them. */
  lap(): Block
}

const tickMilliseconds = 1

/** Watches the event loop from now on, by a timer. */
export function watchBlocks(): BlockWatch {
  let time = performance.now()
  let processor = process.threadCpuUsage()
  let seconds = 0
  let processorSeconds = 0
  const tick = (): void => {
    const { user, system } = process.threadCpuUsage(processor)
    processorSeconds = Math.max(processorSeconds, (user + system) / 1e6)
    seconds = Math.max(seconds, (performance.now() - time) / 1000)
    processor = process.threadCpuUsage()
    time = performance.now()
  }
  const timer = setInterval(tick, tickMilliseconds)
  return {
    lap() {
      tick()
      const block = { seconds, processorSeconds }
      seconds = 0
      processorSeconds = 0
      return block
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}
