import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openLlamaEmbedder } from '@quern/embedder'
import { QuernEmbeddings, QuernVectorStore } from '@quern/langchain'
import { starterModel } from '@quern/model-starter'
import { openJsonStore } from '@quern/store-json'
import { fencedBlocks, temporaryFolder } from '@quern/test-fixtures'
import { AIMessage, fakeModel } from 'langchain'
import { expect, test } from 'vitest'
import { createLibrarian } from '../src/create-librarian.ts'

const folder = join(import.meta.dirname, '..')

test('the agent looks a question up in the index, and the model is given what was found with its source', async () => {
  await using temporary = await temporaryFolder()
  await using embedder = await openLlamaEmbedder({ modelPath: starterModel.path, model: starterModel.name })
  await using store = await openJsonStore({ path: temporary.path, mode: 'write', space: embedder.space })
  await new QuernVectorStore(new QuernEmbeddings({ embedder }), { store }).addDocuments([
    { id: 'mill', pageContent: 'A quern is a hand mill for grain.', metadata: { source: 'mills.md' } },
    { id: 'bread', pageContent: 'Bread is baked in an oven.', metadata: { source: 'bread.md' } },
  ])
  const model = fakeModel()
    .respondWithTools([{ name: 'search_library', args: { question: 'What is a quern?' } }])
    .respond((messages) => new AIMessage(`According to the library: ${messages.at(-1)?.text.split('\n\n')[0]}`))

  const librarian = createLibrarian({ model, store, embedder })
  const { messages } = await librarian.invoke({ messages: [{ role: 'user', content: 'What is a quern?' }] })

  expect(messages.at(-1)?.text).toBe('According to the library: [mills.md]\nA quern is a hand mill for grain.')
  expect(messages.map(({ type }) => type)).toEqual(['human', 'ai', 'tool', 'ai'])
  expect(model.calls[0]?.messages[0]?.text).toContain('cite its sources')
})

test('the README shows the code that runs', async () => {
  const blocks = fencedBlocks(await readFile(join(folder, 'README.md'), 'utf8')).filter(
    ({ language }) => language === 'ts',
  )
  const files = ['create-librarian.ts', 'main.ts'].map((file) => readFile(join(folder, 'src', file), 'utf8'))
  expect(blocks.map(({ text }) => text)).toEqual(await Promise.all(files))
})
