/**
 * Packs every public package as it would be published and checks the tarball: publint (manifest and files), are-the-types-wrong
 * (types and module format, for ESM users), and use from plain JavaScript in an empty project. Run: node scripts/check-packages.ts
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runTool } from './run-tool.ts'
import { usePackedPackages } from './use-packed-packages.ts'
import type { PackedPackage } from './use-packed-packages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const binaries = join(root, 'node_modules', '.bin')

interface PublicPackage {
  readonly name: string
  readonly folder: string
}

async function publicPackages(): Promise<PublicPackage[]> {
  const found: PublicPackage[] = []
  for (const group of ['packages', 'apps']) {
    for (const name of await readdir(join(root, group))) {
      const folder = join(root, group, name)
      const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
        readonly name: string
        readonly private?: boolean
      }
      if (manifest.private !== true) found.push({ name: manifest.name, folder })
    }
  }
  return found
}

const pack = process.env['npm_execpath'] ?? 'pnpm'
const temporary = await mkdtemp(join(tmpdir(), 'quern-pack-'))

/** Does a piece of work for each, one a processor at a time, and resolves to the results in order. */
async function forEach<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const waiting = items.entries()
  const results: R[] = []
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  return results
}

async function packOne({ name, folder }: PublicPackage): Promise<PackedPackage> {
  const tarball = join(temporary, `${name.replaceAll(/\W+/g, '-')}.tgz`)
  await runTool(pack, ['pack', '--out', tarball], { cwd: folder })
  return { name, tarball }
}

async function checkTarball({ tarball }: PackedPackage): Promise<void> {
  await runTool(join(binaries, 'publint'), [tarball, '--strict'], { cwd: root })
  await runTool(join(binaries, 'attw'), [tarball, '--profile', 'esm-only'], { cwd: root })
}

async function checkAll(packed: readonly PackedPackage[]): Promise<void> {
  await forEach(packed, checkTarball)
  console.log(`${packed.length} packages pack cleanly (publint --strict, attw --profile esm-only).`)
}

try {
  const packed = await forEach(await publicPackages(), packOne)
  // An installation waits for disks and servers most of the time, so the tarballs are checked meanwhile.
  const outcomes = await Promise.allSettled([checkAll(packed), usePackedPackages(packed, temporary)])
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
} finally {
  await rm(temporary, { recursive: true, force: true })
}
