import { fencedBlocks } from './fenced-blocks.ts'

/** A command of a recorded session, and what it printed. */
export interface ConsoleStep {
  readonly command: string
  readonly expected: readonly string[]
}

/** The commands of every fenced `console` block of a page, in order, each with the output that follows it. `$ ` begins a command. */
export function consoleSteps(markdown: string): ConsoleStep[] {
  const steps: { command: string; expected: string[] }[] = []
  for (const { language, text } of fencedBlocks(markdown)) {
    if (language !== 'console') continue
    for (const line of text.trimEnd().split('\n')) {
      if (line.startsWith('$ ')) steps.push({ command: line.slice(2).replace(/\s+#.*$/, ''), expected: [] })
      else steps.at(-1)?.expected.push(line)
    }
  }
  return steps
}

const escapeCharacter = String.fromCodePoint(27)
const colours = new RegExp(`${escapeCharacter}\\[[0-9;]*m`, 'g')

/** A line without what differs from run to run: colours, moments, times, rates, scores, sizes. */
function normalise(line: string): string {
  return line
    .replace(colours, '')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<moment>')
    .replaceAll(/(?:about )?[\d.,]+\s?(?:ms|s|min|h)\b(?: [\d.,]+\s?(?:ms|s|min)\b)?|\bunder a second\b/g, '<time>')
    .replaceAll(/[\d.,]+(?= (?:chunks|tokens|texts)\/s)/g, '<rate>')
    .replaceAll(/\b[01]\.\d{2,3}\b/g, '<score>')
    .replaceAll(/[\d.,]+ (?:[kM]i?)?B\b/g, '<size>')
    .trimEnd()
}

/**
 * The first expected line that is not found in its place in the output, or undefined. A line `…` stands for any lines; times, rates, scores and
 * the like are compared by shape alone.
 */
export function firstDifference(expected: readonly string[], output: string): string | undefined {
  const actual = output.trimEnd() === '' ? [] : output.trimEnd().split('\n').map(normalise)
  let position = 0
  let anyLines = false
  for (const line of expected) {
    if (line.trim() === '…') {
      anyLines = true
      continue
    }
    const wanted = normalise(line)
    const found = anyLines ? actual.indexOf(wanted, position) : position
    if (found < 0 || actual[found] !== wanted) return line
    position = found + 1
    anyLines = false
  }
  return anyLines || position === actual.length ? undefined : `(end of output; there is more: ${actual[position]})`
}
