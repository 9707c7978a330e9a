import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'

/** What a server lived through in some time. All times in milliseconds. */
export interface Strain {
  readonly requests: number
  /** Of the time that a turn of the event loop came late. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly max: number }
}

/** A server, and a few clients that ask it without end. */
export interface BusyServer extends AsyncDisposable {
  /** Does something while clients ask, and says how the server bore it. */
  readonly during: (action: () => Promise<unknown>) => Promise<Strain>
}

const clients = 4
const millisecondsBetweenRequests = 5
const nanoseconds = 1e6

/** Starts a server whose answers take some work: `respond` makes a JSON value of a hundred objects. */
export async function startBusyServer(respond: () => unknown): Promise<BusyServer> {
  const server = createServer((_, response) => {
    const rows = Array.from({ length: 100 }, (__, row) => ({ row, status: respond() }))
    response.setHeader('content-type', 'application/json').end(JSON.stringify(rows))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

  async function ask(signal: AbortSignal): Promise<number> {
    let requests = 0
    for (; !signal.aborted; requests++) {
      await (await fetch(address)).arrayBuffer()
      await delay(millisecondsBetweenRequests)
    }
    return requests
  }
  return {
    async during(action) {
      const over = new AbortController()
      const asking = Promise.all(Array.from({ length: clients }, () => ask(over.signal)))
      const histogram = monitorEventLoopDelay({ resolution: 1 })
      histogram.enable()
      await action()
      histogram.disable()
      over.abort()
      const requests = (await asking).reduce((sum, count) => sum + count, 0)
      const at = (percentile: number): number => histogram.percentile(percentile) / nanoseconds
      return { requests, delay: { p50: at(50), p99: at(99), max: histogram.max / nanoseconds } }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
