import { styleText } from 'node:util'
import type { TextStream } from '../command-context.ts'
import type { Check, CheckLevel } from '../doctor/check.ts'
import { formatQuantity } from './format.ts'
import { printable } from './printable.ts'

const colors = { ok: 'green', warn: 'yellow', fail: 'red' } as const
const levelWidth = 6
const nameWidth = 12

/** What was found of one part of the environment, for people. */
export function checkLines({ level, name, message, fix }: Check, stream: TextStream): string[] {
  const indent = ' '.repeat(levelWidth + nameWidth)
  const [first = '', ...rest] = message.split('\n')
  return [
    `${styleText(colors[level], level.padEnd(levelWidth), { stream })}${name.padEnd(nameWidth)}${printable(first)}`,
    ...rest.map((line) => indent + printable(line)),
    ...(fix === undefined ? [] : [`${indent}→ ${printable(fix)}`]),
  ]
}

/** The end of an examination, for people. */
export function examinationSummary({ warn, fail }: Readonly<Record<CheckLevel, number>>): string {
  if (fail === 0 && warn === 0) return 'everything is in order'
  const faults = fail === 0 ? [] : [`${formatQuantity(fail, 'thing does', 'things do')} not work`]
  const warnings = warn === 0 ? [] : [formatQuantity(warn, 'warning')]
  return [...faults, ...warnings].join(', ')
}
