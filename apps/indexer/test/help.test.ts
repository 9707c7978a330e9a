import { describe, expect, test } from 'vitest'
import { createProgram } from '../src/create-program.ts'
import type { CommandContext } from '../src/command-context.ts'
import { main } from '../src/main.ts'
import { terminal } from './report/terminal.ts'

function contextFor(streams: Pick<CommandContext, 'stdout' | 'stderr'>): CommandContext {
  return { ...streams, env: {}, workingFolder: import.meta.dirname, programName: 'indexer' }
}

const silent = contextFor({ stdout: terminal({ colors: false }), stderr: terminal({ colors: false }) })

/** Every command, those below others with the names above them. */
const commands = createProgram(silent, () => {}).commands.flatMap((command) => {
  const below = command.commands.map((inner) => [command.name(), inner.name()])
  return [[command.name()]].concat(below)
})

test('the commands are those of the design', () => {
  expect(commands.map((names) => names.join(' '))).toEqual(
    expect.arrayContaining([
      'run',
      'plan',
      'search',
      'status',
      'show',
      'verify',
      'copy',
      'export',
      'import',
      'reembed',
      'watch',
      'doctor',
      'init',
      'report',
      'models',
      'models list',
      'models info',
      'models pull',
    ]),
  )
})

describe.each(commands.map((names) => ({ name: names.join(' '), names })))('the help of $name', ({ name, names }) => {
  test('has examples of it, its exit codes, and the options that every command takes', async () => {
    const stdout = terminal({ colors: false })
    const stderr = terminal({ colors: false })
    expect(await main([...names, '--help'], contextFor({ stdout, stderr }))).toBe(0)
    expect(stderr.written()).toBe('')
    const text = stdout.written()
    expect(text).toMatch(new RegExp(`Examples:\\n(?: {2}\\$ indexer .*\\n)* {2}\\$ indexer ${name}`))
    expect(text).toMatch(/Exit codes:\n(?: {2}\d+ +\S.*\n)+/)
    expect(text).toMatch(/^ {2}2 +usage or configuration$/m)
    for (const option of [
      '--config',
      '--store',
      '--store-path',
      '--model',
      '--json',
      '--quiet',
      '--verbose',
      '--no-color',
    ]) {
      expect(text).toContain(option)
    }
  })

  test('is named where an option of it is wrong, as JSON under --json', async () => {
    const stdout = terminal({ colors: false })
    const stderr = terminal({ colors: false })
    expect(await main([...names, '--wrongly', '--json'], contextFor({ stdout, stderr }))).toBe(2)
    expect(stdout.written()).toBe('')
    expect(JSON.parse(stderr.written())).toMatchObject({
      type: 'error',
      code: 'OPTION_INVALID',
      message: expect.stringContaining('--wrongly'),
      hint: expect.stringContaining(`indexer ${names[0]}`),
    })
  })
})
