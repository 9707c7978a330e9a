import type { ErrorCode } from '@quern/core'
import type { ReadResult } from '../reader.ts'

/** What the worker answers to each request, once. */
export type ReaderReply = {
  /** Memory that the worker's heap holds. */
  readonly heapBytes: number
} & (
  | { readonly type: 'read'; readonly result: ReadResult }
  /** The reader's error: it would lose its class on the way to the other thread. */
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined }
)
