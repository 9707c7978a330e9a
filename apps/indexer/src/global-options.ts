/** Options that every command takes. */
export interface GlobalOptions {
  readonly config?: string
  readonly store?: string
  readonly storePath?: string
  readonly model?: string
  readonly gpu?: string
  readonly json?: boolean
  readonly quiet?: boolean
  readonly verbose?: boolean
}
