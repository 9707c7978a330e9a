import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { corpusFolder, formatsFolder, officeFolder } from '@quern/test-fixtures'

const wanted = /\.(?:md|js|ts|json|html|txt)$/

/** Real files of text formats below a folder, links not followed. */
async function* findFiles(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* findFiles(path)
    else if (entry.isFile() && wanted.test(entry.name)) yield path
  }
}

/** Copies real files into a folder, a hundred a subfolder: texts of installed packages, and after each fifty one of the fixtures. */
export async function buildTree(folder: string, installed: string, count: number): Promise<void> {
  const fixtures: string[] = []
  for (const source of [corpusFolder, officeFolder, formatsFolder]) {
    const entries = await readdir(source, { recursive: true, withFileTypes: true })
    for (const entry of entries) if (entry.isFile()) fixtures.push(join(entry.parentPath, entry.name))
  }
  let copied = 0
  const add = async (path: string): Promise<void> => {
    const target = join(folder, String(Math.floor(copied / 100)))
    if (copied % 100 === 0) await mkdir(target, { recursive: true })
    // The ending stays, the name need not.
    await copyFile(path, join(target, `${copied}${/\.[^.]+$/.exec(path)?.[0] ?? ''}`))
    copied++
  }
  for await (const path of findFiles(installed)) {
    if (copied >= count) return
    if (copied % 20 === 19) await add(fixtures[Math.floor(copied / 20) % fixtures.length] ?? path)
    else await add(path)
  }
}

/** Files as they lie about: in another encoding, cut off, with a wrong ending, empty. */
export const awkwardFiles: readonly {
  readonly name: string
  readonly bytes: () => Uint8Array | Promise<Uint8Array>
}[] = [
  {
    name: 'latin-1.txt',
    bytes: () =>
      Buffer.from(
        'Stra\u00DFe, M\u00FCller, caf\u00E9: \u00FCber die Gr\u00F6\u00DFe der M\u00FChlen.\n'.repeat(20),
        'latin1',
      ),
  },
  { name: 'utf-16.txt', bytes: () => Buffer.from('\uFEFFAs Notepad wrote it.\r\n', 'utf16le') },
  { name: 'image.md', bytes: () => Buffer.from('89504e470d0a1a0a0000000d4948445200', 'hex') },
  { name: 'cut-off.json', bytes: () => Buffer.from('{"name": "cut') },
  { name: 'empty.json', bytes: () => new Uint8Array() },
  {
    name: 'cut-off.pdf',
    bytes: async () => (await readFile(join(corpusFolder, 'compression/bzip2-manual.pdf'))).subarray(0, 60_000),
  },
  { name: 'UPPER.MD', bytes: () => Buffer.from('# Upper case\n') },
]

/** Writes the awkward files into a folder. */
export async function addAwkwardFiles(folder: string): Promise<void> {
  await mkdir(folder)
  for (const { name, bytes } of awkwardFiles) await writeFile(join(folder, name), await bytes())
}
