/**
 * Packs every public package as it would be published and checks the tarball: publint (manifest and files), are-the-types-wrong
 * (types and module format, for ESM users), and use from plain JavaScript in an empty project. Run: node scripts/check-packages.ts
 */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { usePackedPackages } from './use-packed-packages.ts'
import type { PackedPackage } from './use-packed-packages.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const binaries = join(root, 'node_modules', '.bin')

/** Runs a tool and throws with its output when it fails. */
function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (error !== undefined || status !== 0) {
    throw new Error(
      `${command} ${args.join(' ')} (in ${cwd}) failed\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`,
    )
  }
}

async function publicPackages(): Promise<{ readonly name: string; readonly folder: string }[]> {
  const found: { readonly name: string; readonly folder: string }[] = []
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
const packed: PackedPackage[] = []
try {
  for (const [index, { name, folder }] of (await publicPackages()).entries()) {
    const tarball = join(temporary, `${index}.tgz`)
    run(pack, ['pack', '--out', tarball], folder)
    run(join(binaries, 'publint'), [tarball, '--strict'], root)
    run(join(binaries, 'attw'), [tarball, '--profile', 'esm-only'], root)
    packed.push({ name, tarball })
  }
  console.log(`${packed.length} packages pack cleanly (publint --strict, attw --profile esm-only).`)
  await usePackedPackages(packed, temporary)
} finally {
  await rm(temporary, { recursive: true, force: true })
}
