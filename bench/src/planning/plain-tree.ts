import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const filesInFolder = 100
const foldersInFolder = 50

/** Where the file of this number is, below the folder. */
function placeOf(number: number): { readonly folder: string; readonly name: string } {
  const folder = Math.floor(number / filesInFolder)
  return { folder: join(String(Math.floor(folder / foldersInFolder)), String(folder)), name: `${number}.md` }
}

/** Writes small files, a hundred in a folder and fifty folders in one, that were last changed long ago. */
export async function buildPlainTree(root: string, count: number): Promise<void> {
  const past = 1_700_000_000
  for (let number = 0; number < count; number++) {
    const { folder, name } = placeOf(number)
    if (number % filesInFolder === 0) await mkdir(join(root, folder), { recursive: true })
    const path = join(root, folder, name)
    await writeFile(path, `# Note ${number}\n\nWhat note ${number} says.\n`)
    await utimes(path, past, past + (number % 1000) / 1000)
  }
}
