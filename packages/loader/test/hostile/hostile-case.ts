/** A file that could hang, exhaust or deceive its reader. */
export interface HostileCase {
  readonly what: string
  /** Name of the file; its ending finds the reader. */
  readonly file: string
  /** Made when it is its turn: many are large. */
  readonly bytes: () => Uint8Array
  /** What must become of it: `read`, or the code of a refusal. What ends as `TIMEOUT` would take many times its limit on any machine. */
  readonly outcome: string
  /** What its text, or the message of its refusal, holds. */
  readonly says?: string
}
