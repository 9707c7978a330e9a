/** How something stands: `warn` works, but slowly or not for long; `fail` does not work. */
export type CheckLevel = 'ok' | 'warn' | 'fail'

/** What was found of one part of the environment. */
export interface Check {
  readonly name: string
  readonly level: CheckLevel
  readonly message: string
  /** The command, or the act, that mends it; undefined where nothing has to be mended. */
  readonly fix?: string
}
