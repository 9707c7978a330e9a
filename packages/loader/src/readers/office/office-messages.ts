import type { SourceErrorCode } from '@quern/core'
import type { OfficeDocument } from './office-document.ts'

/** What the worker answers to each request, once. */
export type OfficeReply =
  | { readonly type: 'read'; readonly document: OfficeDocument }
  | { readonly type: 'refused'; readonly code: SourceErrorCode; readonly message: string }
