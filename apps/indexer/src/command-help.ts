import type { Shard } from '@quern/pipeline'
import { InvalidArgumentError } from 'commander'
import { exitCodeMeanings } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'

/** A whole number from the command line. */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('A whole number is needed.')
  return value
}

/** A number of seconds from the command line. */
export function seconds(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('A number of seconds is needed.')
  return value
}

/** A moment from the command line: a date, or date and time, in ISO 8601. As UTC where it names no zone. */
export function isoDate(text: string): string {
  const [, day = '', time = 'T00:00:00', zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? []
  const value = new Date(`${day}${time}${zone}`)
  const midnight = new Date(`${day}T00:00:00Z`)
  // What a month does not have (February 30) would be taken for a day of the next.
  const isReal = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
  if (!isReal || Number.isNaN(value.getTime()))
    throw new InvalidArgumentError('An ISO date is needed, such as 2026-11-01 or 2026-11-01T08:30:00Z.')
  return value.toISOString()
}

/** One of several parts, such as `2/4`. */
export function shard(text: string): Shard {
  const [, index = '0', count = '0'] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  if (Number(index) >= 1 && Number(index) <= Number(count)) return { index: Number(index), count: Number(count) }
  throw new InvalidArgumentError('A part is needed, such as 1/4.')
}

/** The values of an option that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value]
}

/** Examples and exit codes below the help of a command. */
export function closing(program: string, examples: readonly string[], codes: readonly ExitCode[]): string {
  const exits = codes.map((code) => `  ${String(code).padEnd(4)} ${exitCodeMeanings[code]}`)
  return ['', 'Examples:', ...examples.map((example) => `  $ ${program} ${example}`), '', 'Exit codes:', ...exits].join(
    '\n',
  )
}

/** Called with the exit code of the command that ran. */
export type Finish = (code: ExitCode) => void
