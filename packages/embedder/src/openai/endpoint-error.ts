/**
 * Why a request brought no vectors: `status` not a good one, `network` no connection, `timeout` no answer in time, `reply` not one of this
 * API, `vectors` not those that were asked for.
 */
export type EndpointFault = 'status' | 'network' | 'timeout' | 'reply' | 'vectors'

/** What is known of a failed request. */
export interface EndpointErrorOptions {
  readonly fault: EndpointFault
  readonly status?: number | undefined
  /** How often the request was sent. */
  readonly attempts: number
  /** Whether the endpoint says that what was sent is too long. */
  readonly tooLong?: boolean
  readonly cause?: unknown
}

/** A request that failed for good. Stays within the package; its message is the reason alone and holds no key. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError'
  readonly fault: EndpointFault
  readonly status: number | undefined
  readonly attempts: number
  readonly tooLong: boolean

  constructor(reason: string, { fault, status, attempts, tooLong = false, cause }: EndpointErrorOptions) {
    super(reason, cause === undefined ? undefined : { cause })
    this.fault = fault
    this.status = status
    this.attempts = attempts
    this.tooLong = tooLong
  }
}
