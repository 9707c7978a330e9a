// A process of its own that takes and releases a lock as it is told: the partner of `start-contender.ts`.
import { isQuernError } from '@quern/core'
import { acquireWriterLock } from '@quern/core/files'
import type { WriterLock } from '@quern/core/files'
import { readFile, writeFile } from 'node:fs/promises'
import type { ContenderCommand } from './start-contender.ts'

const held: WriterLock[] = []

async function take(path: string): Promise<string> {
  try {
    held.push(await acquireWriterLock(path))
    return 'taken'
  } catch (error) {
    return isQuernError(error) ? error.code : String(error)
  }
}

async function count({ path, file, times }: Extract<ContenderCommand, { do: 'count' }>): Promise<string> {
  for (let i = 0; i < times; i++) {
    await using _ = await acquireWriterLock(path, { waitSeconds: 60 })
    await writeFile(file, String(Number(await readFile(file, 'utf8')) + 1))
  }
  return 'counted'
}

async function release(): Promise<string> {
  for (const lock of held.splice(0)) await lock.release()
  return 'released'
}

async function obey(command: ContenderCommand): Promise<string> {
  switch (command.do) {
    case 'take':
      return take(command.path)
    case 'count':
      return count(command)
    case 'release':
      return release()
  }
}

async function answer(command: ContenderCommand): Promise<void> {
  process.send?.(await obey(command))
}

process.on('message', (command) => void answer(command as ContenderCommand))
process.send?.('ready')
