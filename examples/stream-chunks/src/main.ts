import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createChunker } from '@quern/chunker'

const chunker = createChunker({ maxTokens: 512 })

/** The first chunk of a text file that has this word. No more of the file is read than it takes to get there. */
export async function findPassage(path: string, word: string): Promise<string | undefined> {
  const text = createReadStream(path, { encoding: 'utf8' })
  for await (const chunk of chunker.splitStream({ text, metadata: { source: path } })) {
    if (!chunk.pageContent.includes(word)) continue
    const { lines, tokens } = chunk.metadata
    return `chunk ${chunk.metadata.chunk}, lines ${lines.from}-${lines.to}, about ${tokens} tokens`
  }
  return undefined
}

const [path, word = 'Huffman'] = process.argv.slice(2)
const sample = fileURLToPath(
  new URL('../../../test-fixtures/corpus/compression/deflate-algorithm.txt', import.meta.url),
)
console.log(await findPassage(path ?? sample, word))
