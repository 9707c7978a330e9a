/** Texts that are handed over one by one. */
export interface TextFeed extends AsyncIterable<string> {
  push(text: string): void
  /** No more come. Safe twice. */
  end(): void
}

/** A feed for one reader. */
export function createTextFeed(): TextFeed {
  const waiting: string[] = []
  let ended = false
  let wake: (() => void) | undefined
  const awaken = (): void => {
    wake?.()
    wake = undefined
  }
  return {
    push(text) {
      waiting.push(text)
      awaken()
    },
    end() {
      ended = true
      awaken()
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const text = waiting.shift()
        if (text !== undefined) yield text
        else if (ended) return
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
