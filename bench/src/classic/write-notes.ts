import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandomStream } from '../corpus/random-stream.ts'
import { noteWords } from './note-words.ts'

const sentencesInNote = 8

function composeNote(number: number): string {
  const random = createRandomStream(11, number)
  const sentence = (): string =>
    Array.from({ length: 8 + Math.floor(random() * 5) }, () => noteWords[Math.floor(random() * noteWords.length)]).join(
      ' ',
    )
  return `# Note ${number}\n\n${Array.from({ length: sentencesInNote }, () => `${sentence()}.`).join(' ')}\n`
}

/** Writes the notes with the numbers `from` up to, but without, `to`: short texts of one chunk, the same on every machine. */
export async function writeNotes(folder: string, from: number, to: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  const past = 1_700_000_000
  for (let number = from; number < to; number++) {
    const path = join(folder, `${String(number).padStart(5, '0')}.md`)
    await writeFile(path, composeNote(number))
    await utimes(path, past, past + number)
  }
}
