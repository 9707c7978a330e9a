import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { corpusFolder, officeFolder } from '@quern/test-fixtures'

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
  for (const source of [corpusFolder, officeFolder]) {
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
    if (copied % 50 === 49) await add(fixtures[Math.floor(copied / 50) % fixtures.length] ?? path)
    else await add(path)
  }
}
