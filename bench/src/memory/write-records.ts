import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { composeText, topicWords } from '../corpus/compose-text.ts'
import { createRandomStream } from '../corpus/random-stream.ts'

const paragraphs = 4

/** Writes a file of JSON Lines of about so many bytes, each record some 3.6 kB of text. */
export async function writeRecords(path: string, bytes: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const stream = createWriteStream(path)
  let written = 0
  for (let index = 0; written < bytes; index++) {
    const random = createRandomStream(6, index)
    const words = topicWords(index % 100)
    const texts = Array.from({ length: paragraphs }, (_, i) => `${index} ${i} ${composeText(random, words)}`)
    const line = `${JSON.stringify({ id: index, text: texts.join('\n\n') })}\n`
    written += Buffer.byteLength(line)
    if (!stream.write(line)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'close')
}
