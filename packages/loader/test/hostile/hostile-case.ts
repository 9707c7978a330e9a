/** A file that could hang, exhaust or deceive its reader. */
export interface HostileCase {
  readonly what: string
  /** Name of the file; its ending finds the reader. */
  readonly file: string
  /** Made when it is its turn: many are large. */
  readonly bytes: () => Uint8Array
  /** What may become of it: `read`, or the code of a refusal. Several where it depends on the machine which limit is met first. */
  readonly outcomes: readonly string[]
  /** What its text, or the message of its refusal, holds. */
  readonly says?: string
}

/** Either limit ends a file that takes time and memory without end. */
export const aLimit: readonly string[] = ['TIMEOUT', 'RESOURCE_LIMIT']
