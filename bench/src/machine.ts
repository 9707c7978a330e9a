import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, totalmem } from 'node:os'

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
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`
  return [
    `${availableParallelism()} × ${model}`,
    memory,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    ...versions,
  ].join(', ')
}
