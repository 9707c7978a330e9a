import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { changeOnePercent, collectCorpus } from '../../src/end-to-end/collect-corpus.ts'

async function writeTexts(folder: string, names: readonly string[], size = 300): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), name.padEnd(size, '.'))
  }
}

describe('a collected corpus', () => {
  test('has evenly spread files of known endings and fitting size, in order of path', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'root')
    await writeTexts(root, ['b/2.md', 'a/1.txt', 'c.py', 'd.h', 'image.png'])
    await writeTexts(root, ['long.md'], 5000)
    await writeTexts(root, ['short.md'], 10)
    const target = join(folder.path, 'corpus')
    const corpus = await collectCorpus(target, 2, [root, join(folder.path, 'not there')])
    expect(corpus).toMatchObject({ files: 2, bytes: 600, endings: { '.txt': 1, '.py': 1 } })
    expect(await readFile(join(target, '0/0.txt'), 'utf8')).toMatch(/^a\/1\.txt\./)
    expect(await readFile(join(target, '0/1.py'), 'utf8')).toMatch(/^c\.py\./)
  })

  test('is the same when it is collected again, and as large as there are files', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'root')
    await writeTexts(root, ['1.md', '2.md', '3.md'])
    const once = await collectCorpus(join(folder.path, 'once'), 10, [root])
    expect(once.files).toBe(3)
    expect(await collectCorpus(join(folder.path, 'twice'), 10, [root])).toEqual(once)
  })

  test('is changed in every hundredth file', async () => {
    await using folder = await temporaryFolder()
    const names = Array.from({ length: 101 }, (_, i) => `${i + 1000}.md`)
    await writeTexts(folder.path, names)
    expect(await changeOnePercent(folder.path, 'new')).toBe(2)
    const changed: string[] = []
    for (const name of await readdir(folder.path)) {
      if ((await readFile(join(folder.path, name), 'utf8')).endsWith('\nnew\n')) changed.push(name)
    }
    expect(changed.toSorted()).toEqual(['1000.md', '1100.md'])
  })
})
