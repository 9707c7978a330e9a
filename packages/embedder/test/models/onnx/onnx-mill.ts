import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { onTestFinished } from 'vitest'
import type { OnnxHubName } from '../../../src/models/onnx/onnx-hub-name.ts'
import type { PulledOnnxModel, PullOnnxModelOptions } from '../../../src/models/onnx/onnx-pull.ts'
import { pullOnnxModel } from '../../../src/models/onnx/pull-onnx-model.ts'
import { startFileServer } from '../file-server.ts'
import type { FileServer, FileServerOptions, ServedFiles } from '../file-server.ts'

/** The model that the tests pull. */
export const name: OnnxHubName = { repository: 'mill/grain', revision: undefined, file: undefined }

/** A commit of its repository. */
export const commit = 'c0ffee'.repeat(6).concat('beef')

/** SHA-256 of a content, in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The hash that git knows a content by. */
export function gitHash(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** Begins as an ONNX file does, and is long enough to arrive in several pieces. */
export function fakeOnnx(note: string): Buffer {
  return Buffer.concat([Buffer.from([0x08, 0x08]), Buffer.alloc(200_000, note)])
}

/** The files of a repository, by path. */
export type RepositoryFiles = Readonly<Record<string, Uint8Array>>

/** A repository that lacks nothing which is needed. */
export const smallRepository: RepositoryFiles = {
  'config.json': Buffer.from('{"hidden_size":32}'),
  'tokenizer.json': Buffer.from('{"model":{}}'),
  'tokenizer_config.json': Buffer.from('{}'),
  'onnx/model.onnx': fakeOnnx('one'),
}

/** The ONNX file. */
export const onnx = 'onnx/model.onnx'

/** A repository with everything that may belong to a model. */
export const wholeRepository: RepositoryFiles = {
  ...smallRepository,
  'special_tokens_map.json': Buffer.from('{}'),
  'modules.json': Buffer.from('[]'),
  '1_Pooling/config.json': Buffer.from('{"pooling_mode_mean_tokens":true}'),
  'sentence_bert_config.json': Buffer.from('{"max_seq_length":256}'),
  'onnx/model.onnx_data': Buffer.alloc(90_000, 'weights'),
  'onnx/model.onnx_data_1': Buffer.alloc(80_000, 'more weights'),
}

/** All manners of serving. */
export const manners = ['hub', 'plain', 'headless'] as const

/** Writes a model into a folder. */
export async function putByHand(folder: string, files: RepositoryFiles): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

/** How the files are served. */
export interface HubOptions {
  readonly files?: RepositoryFiles
  /** `hub`: as Hugging Face does, hashes and commit announced; `plain`: a server of files; `headless`: one without HEAD. */
  readonly manner?: (typeof manners)[number]
  /** What is different with single files. */
  readonly changes?: Readonly<Record<string, Partial<FileServerOptions>>>
}

function servedAs(manner: HubOptions['manner'], path: string, body: Uint8Array): FileServerOptions {
  if (manner !== 'hub') return { body, head: manner !== 'headless' }
  // Large files are kept by their SHA-256, small ones in git.
  return /\.onnx/.test(path)
    ? { body, commit, linkedSha256: sha256(body) }
    : { body, commit, etag: `"${gitHash(body)}"` }
}

/** Serves the files at `main` and at the commit, and their names. */
export function serveHub({ files = smallRepository, manner = 'hub', changes = {} }: HubOptions): ServedFiles {
  const served = new Map(
    Object.entries(files).map(([path, body]) => [path, { ...servedAs(manner, path, body), ...changes[path] }]),
  )
  const listing = {
    body: Buffer.from(JSON.stringify({ siblings: Object.keys(files).map((path) => ({ rfilename: path })) })),
  }
  const nothing = { body: Buffer.alloc(0), missing: true, head: manner !== 'headless' }
  return (path) => {
    if (path.startsWith('/api/models/mill/grain/revision/')) return manner === 'hub' ? listing : nothing
    const [, revision = '', file = ''] = /^\/mill\/grain\/resolve\/([^/]+)\/(.*)$/.exec(path) ?? []
    return ['main', commit].includes(revision) ? (served.get(file) ?? nothing) : nothing
  }
}

export interface OnnxMill {
  readonly server: FileServer
  /** The folder for models, which does not exist yet. */
  readonly folder: string
  /** Where the model is to lie. */
  readonly target: string
  pull(options?: Partial<PullOnnxModelOptions>): Promise<PulledOnnxModel>
  /** Paths of all files in the folder for models. */
  files(): Promise<string[]>
  /** The contents of the model's folder, without the record. */
  contents(): Promise<Record<string, Uint8Array>>
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/')).toSorted()
}

/** A hub on this machine, a folder, and pulls that lose no time. */
export async function openOnnxMill(options: HubOptions = {}): Promise<OnnxMill> {
  const server = await startFileServer(serveHub(options))
  onTestFinished(() => server[Symbol.asyncDispose]())
  const temporary = await temporaryFolder()
  onTestFinished(() => temporary[Symbol.asyncDispose]())
  const folder = join(temporary.path, 'cache', 'models')
  const target = join(folder, 'onnx', 'mill', 'grain')
  const { endpoint } = server
  const patience = { retryDelay: 1, attempts: 3, stallTimeout: 2000 }
  return {
    server,
    folder,
    target,
    pull: (more) => pullOnnxModel({ name, folder, endpoint, ...patience, ...more }),
    files: () => filesBelow(folder),
    async contents() {
      const paths = await filesBelow(target)
      const wanted = paths.filter((path) => path !== 'quern-download.json')
      const read = wanted.map(async (path) => [path, await readFile(join(target, path))] as const)
      return Object.fromEntries(await Promise.all(read))
    },
  }
}
