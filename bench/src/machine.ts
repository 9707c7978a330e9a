import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, totalmem } from 'node:os'

/** Instructions on which the speed of models depends: two processors of one name may differ in them. Linux alone tells. */
const telling = new Map([
  ['avx2', 'AVX2'],
  ['avx512f', 'AVX-512'],
  ['avx512_vnni', 'VNNI'],
])

/** Those of the telling instructions that the processor has, in brackets; nothing where the system does not say. */
async function describeInstructions(): Promise<string[]> {
  const facts = await readFile('/proc/cpuinfo', 'utf8').catch(() => '')
  const flags = new Set(/^flags\s*:(.*)$/m.exec(facts)?.[1]?.split(' '))
  if (flags.size === 0) return []
  const has = [...telling].filter(([flag]) => flags.has(flag)).map(([, label]) => label)
  return [`(${has.length === 0 ? 'no AVX2' : has.join(', ')})`]
}

/** One line on this machine and the versions that were measured, for the record. */
export async function describeMachine(packages: readonly string[]): Promise<string> {
  const require = createRequire(import.meta.url)
  const versions = await Promise.all(
    packages.map(async (name) => {
      const entry = require.resolve(name)
      const folder = entry.slice(0, entry.lastIndexOf(`/${name}/`) + name.length + 2)
      const { version } = JSON.parse(await readFile(`${folder}package.json`, 'utf8')) as { version: string }
      return `${name} ${version}`
    }),
  )
  const name = cpus()[0]?.model.trim() ?? 'unknown processor'
  const model = [name, ...(await describeInstructions())].join(' ')
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  return [
    `${availableParallelism()} × ${model}`,
    memory,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    ...versions,
  ].join(', ')
}
