import { createHash } from 'node:crypto'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTinyModel, runNode, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openLlamaEmbedder } from '../../src/index.ts'

const embedOnce = fileURLToPath(new URL('embed-once.ts', import.meta.url))

/** The tiny model with an array for its number of heads, in which there are none: llama.cpp fails an assertion. */
async function modelWithoutHeads(): Promise<Buffer> {
  const model = await createTinyModel()
  const key = Buffer.from('bert.attention.head_count')
  const value = model.indexOf(key) + key.length
  const array = Buffer.alloc(24)
  for (const [place, number] of [9, 4, 2].entries()) array.writeUInt32LE(number, place * 4)
  // The file grows by 16 bytes; another 16, in a text before it, keep the weights at a multiple of 32.
  const text = Buffer.from('seeded weights')
  const before = model.indexOf(text)
  const length = Buffer.from(model.subarray(before - 8, before))
  length.writeUInt32LE(length.readUInt32LE() + 16)
  const parts = [model.subarray(0, before - 8), length, Buffer.alloc(16, 'x'), model.subarray(before, value), array]
  return Buffer.concat([...parts, model.subarray(value + 8)])
}

async function marksIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith('loading-'))
}

test.skipIf(process.platform === 'win32')(
  'a model at which llama.cpp has ended a process is refused from then on, with its last words',
  async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'headless.gguf')
    const marks = join(folder.path, 'marks')
    await writeFile(path, await modelWithoutHeads())
    expect((await runNode([embedOnce, path, 'embed', marks])).signal).toBe('SIGABRT')
    for (let run = 0; run < 2; run++) {
      const { exitCode, stderr } = await runNode([embedOnce, path, 'embed', marks])
      expect(exitCode).toBe(1)
      expect(stderr).toMatch(
        /headless\.gguf cannot be used: .*llama\.cpp ends the process, as it did before \(SIGABRT: .*GGML_ASSERT/,
      )
    }
  },
)

test('the mark of a process that was killed while it loaded a sound model costs one trial, and is removed', async () => {
  await using folder = await temporaryFolder()
  const [modelPath, marks] = [join(folder.path, 'tiny.gguf'), join(folder.path, 'marks')]
  const model = await createTinyModel()
  const hash = createHash('sha256').update(model).digest('hex')
  await writeFile(modelPath, model)
  await mkdir(marks)
  await writeFile(join(marks, `loading-${hash}-999999999`), '')
  await using embedder = await openLlamaEmbedder({ modelPath, hashCacheFolder: marks })
  expect(await embedder.embedQuery('the mill')).toHaveLength(64)
  expect(await marksIn(marks)).toEqual([])
})

test('the mark of a process that lives is left alone, and a folder that cannot be written hinders nothing', async () => {
  await using folder = await temporaryFolder()
  const [modelPath, marks] = [join(folder.path, 'tiny.gguf'), join(folder.path, 'marks')]
  const model = await createTinyModel()
  const hash = createHash('sha256').update(model).digest('hex')
  await writeFile(modelPath, model)
  await mkdir(marks)
  const mark = `loading-${hash}-${process.ppid}`
  await writeFile(join(marks, mark), '')
  await using embedder = await openLlamaEmbedder({ modelPath, hashCacheFolder: marks })
  expect(await embedder.embedQuery('the mill')).toHaveLength(64)
  expect(await marksIn(marks)).toEqual([mark])
  await using other = await openLlamaEmbedder({ modelPath, hashCacheFolder: modelPath })
  expect(await other.embedQuery('the mill')).toHaveLength(64)
})
