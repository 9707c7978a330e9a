import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runTool } from './run-tool.ts'

/** A package as it would be published. */
export interface PackedPackage {
  readonly name: string
  readonly tarball: string
}

const projectFiles = fileURLToPath(new URL('packed-project', import.meta.url))

// Some 800 MB that are of no use here: builds for GPUs, an engine of which only the loading is checked, and LanceDB's own embedding functions.
const leftOut = [
  '@node-llama-cpp/linux-x64-cuda',
  '@node-llama-cpp/linux-x64-cuda-ext',
  '@node-llama-cpp/linux-x64-vulkan',
  '@huggingface/transformers',
  'onnxruntime-node',
  'openai',
]

/** The environment of somebody who works outside of this repository, with this Node first on the path. */
function environmentWith(node: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|pnpm_|init_cwd|node_path|quern_)/i.test(name) || /registry|userconfig/i.test(name),
  )
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'))
  return { ...Object.fromEntries(kept), NO_COLOR: '1', PATH: [dirname(node), ...path].join(delimiter) }
}

/** Where a command runs, and the Node it finds first. */
interface Place {
  readonly cwd: string
  readonly node: string
}

function run(command: string, args: readonly string[], { cwd, node }: Place): Promise<string> {
  return runTool(command, args, { cwd, env: environmentWith(node) })
}

/** An empty package in a tarball, to stand in place of what is left out. */
async function packNothing(folder: string): Promise<string> {
  await mkdir(folder)
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'left-out', version: '0.0.0' }))
  await run('npm', ['pack', '--silent'], { cwd: folder, node: process.execPath })
  return join(folder, 'left-out-0.0.0.tgz')
}

/** Path of a Node of this major version, from the registry; undefined where it cannot be had. */
async function findNode(major: number, cwd: string): Promise<string | undefined> {
  try {
    const print = ['-y', '-p', `node@${major}`, '--', 'node', '-p', 'process.execPath']
    return (await run('npx', print, { cwd, node: process.execPath })).trim()
  } catch (error) {
    console.error(`Node ${major} cannot be fetched, so it is not tried: ${String(error)}`)
    return undefined
  }
}

/** The command line as it is installed: a run embeds, a second one does not, a search finds. */
async function useCommandLine(place: Place): Promise<void> {
  const indexer = join('..', 'node_modules', '.bin', 'indexer')
  for (const embedded of [2, 0]) {
    const last = (await run(indexer, ['run', 'docs', '--json'], place)).trimEnd().split('\n').at(-1) ?? ''
    const event = JSON.parse(last) as { readonly type: string; readonly chunks: { readonly embedded: number } }
    if (event.type !== 'run-finished' || event.chunks.embedded !== embedded) throw new Error(`a run ended with ${last}`)
  }
  const found = await run(indexer, ['search', 'Where is bread baked?', '--limit', '1'], place)
  if (!found.includes('docs/ovens.html')) throw new Error(`a search found ${found}`)
}

/** Uses what is installed in a project from a new folder in it, with one Node. */
async function usePackages(project: string, name: string, node: string): Promise<void> {
  const place = { cwd: join(project, name), node }
  await cp(projectFiles, place.cwd, { recursive: true })
  process.stdout.write(await run(node, ['use-packages.js'], place))
  await useCommandLine(place)
}

/**
 * Installs packed packages with npm into an empty project and uses them from plain JavaScript and on the command line, on this Node and on Node 22
 * at the same time. Rejects with what a command printed when it fails.
 */
export async function usePackedPackages(packages: readonly PackedPackage[], folder: string): Promise<void> {
  const project = join(folder, 'project')
  await mkdir(project)
  const oldNode = findNode(22, folder)
  const nothing = `file:${await packNothing(join(folder, 'left-out'))}`
  const dependencies = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]))
  const overrides = {
    ...Object.fromEntries(packages.map(({ name }) => [name, `$${name}`])),
    ...Object.fromEntries(leftOut.map((name) => [name, nothing])),
  }
  const manifest = { name: 'packed-project', private: true, type: 'module', dependencies, overrides }
  await writeFile(join(project, 'package.json'), JSON.stringify(manifest))
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: project, node: process.execPath })
  const node22 = await oldNode
  await Promise.all([
    usePackages(project, 'this-node', process.execPath),
    node22 === undefined ? undefined : usePackages(project, 'node-22', node22),
  ])
  const { version } = JSON.parse(
    await readFile(join(project, 'node_modules', '@quern', 'indexer', 'package.json'), 'utf8'),
  ) as { readonly version: string }
  console.log(`indexer ${version} installs with npm, indexes, updates and searches.`)
}
