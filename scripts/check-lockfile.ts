/**
 * Refuses a lockfile that would install without native parts on one of the platforms we promise: pnpm leaves out, in silence,
 * optional packages that the registry does not serve. Run: node scripts/check-lockfile.ts
 */
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'

interface LockedPackage {
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
}

interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
  readonly snapshots: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>
}

const platforms = [
  { os: 'linux', cpu: 'x64' },
  { os: 'linux', cpu: 'arm64' },
  { os: 'darwin', cpu: 'arm64' },
  { os: 'win32', cpu: 'x64' },
] as const

type Platform = (typeof platforms)[number]

/** Whether a package says that it is made for this platform (and not for every platform). */
function serves({ os, cpu }: LockedPackage, platform: Platform): boolean {
  return os?.includes(platform.os) === true && cpu?.includes(platform.cpu) === true
}

/** Families are packages whose optional dependencies are builds for single platforms; each must serve all platforms or none. */
function gaps(lockfile: Lockfile): string[] {
  const found: string[] = []
  for (const [name, { optionalDependencies = {} }] of Object.entries(lockfile.snapshots)) {
    const builds = Object.entries(optionalDependencies).map(
      ([dependency, version]) => lockfile.packages[`${dependency}@${version}`] ?? {},
    )
    const missing = platforms.filter((platform) => !builds.some((build) => serves(build, platform)))
    // A build for one system alone (fsevents) is no family.
    if (missing.length > 0 && builds.some((build) => serves(build, platforms[0]))) {
      found.push(`${name} lacks ${missing.map(({ os, cpu }) => `${os}-${cpu}`).join(', ')}`)
    }
  }
  return found
}

const text = await readFile(new URL('../pnpm-lock.yaml', import.meta.url), 'utf8')
const problems = gaps(parse(text) as Lockfile)
if (/https?:\/\//.test(text)) problems.push('the lockfile names a host')
for (const problem of problems) console.error(`pnpm-lock.yaml: ${problem}`)
if (problems.length > 0) {
  console.error(
    'Choose versions that are served for all four platforms (docs/decisions/0003-toolchain.md), then run pnpm install.',
  )
  process.exitCode = 1
} else console.log('pnpm-lock.yaml is whole for linux-x64, linux-arm64, darwin-arm64 and win32-x64.')
