import { dirname, relative, resolve, sep } from 'node:path'
import { QuernError } from '@quern/core'
import { parseOnnxHubName } from '@quern/embedder'
import type { CommandContext } from '../command-context.ts'
import type { GlobalOptions } from '../global-options.ts'
import { configProblems } from './config-problems.ts'
import { configSchema } from './config-schema.ts'
import type { Config } from './config-schema.ts'
import { loadConfig } from './load-config.ts'
import { resolvePath } from './resolve-path.ts'
import { resolveStore } from './resolve-store.ts'
import type { ConfiguredModel, ConfiguredRoot, ResolvedConfig } from './resolved-config.ts'

/** What the command line says of the configuration. */
export interface ConfigOptions extends Pick<GlobalOptions, 'config' | 'store' | 'storePath' | 'model' | 'gpu'> {
  readonly paths?: readonly string[]
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** False: `--no-ignore`. */
  readonly ignore?: boolean
}

/** Settings that may be given by flag or environment variable, flags first. */
function outerSettings({ config, store, storePath, model, gpu }: ConfigOptions, env: CommandContext['env']) {
  // An empty variable says nothing, as everywhere in a shell.
  const variable = (name: string): string | undefined => env[`QUERN_${name}`] || undefined
  return {
    config: config ?? variable('CONFIG'),
    store: store ?? variable('STORE'),
    storePath: storePath ?? variable('STORE_PATH'),
    model: model ?? variable('MODEL'),
    gpu: gpu ?? variable('GPU'),
  }
}

/** Settings of one origin, and what is wrong with them. */
interface CheckedSettings {
  readonly config: Config
  readonly origin: string
  readonly problems: readonly string[]
}

function check(value: unknown, origin: string): CheckedSettings {
  const checked = configSchema.safeParse(value ?? {})
  if (checked.success) return { config: checked.data, origin, problems: [] }
  return { config: {}, origin, problems: configProblems(checked.error.issues, value) }
}

/** Throws `CONFIG_INVALID` with every problem of every origin. */
function requireSound(settings: readonly CheckedSettings[]): void {
  const unsound = settings.filter(({ problems }) => problems.length > 0)
  if (unsound.length === 0) return
  const texts = unsound.map(({ origin, problems }) => {
    const count = problems.length === 1 ? 'has a problem' : `has ${problems.length} problems`
    return `${origin} ${count}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`
  })
  throw new QuernError('CONFIG_INVALID', texts.join('\n'), {
    hint: 'Mend these settings, then run the command again.',
    details: { problems: unsound.flatMap(({ problems }) => problems) },
  })
}

/** The path of a file; a name stays as it is. */
function modelPath(folder: string, nameOrPath: string): string {
  return /\.gguf$|[/\\]/i.test(nameOrPath) ? resolve(folder, nameOrPath) : nameOrPath
}

/** What a model that is given by one text stands for. */
function namedModel(text: string): Exclude<Config['model'], string | undefined> {
  const [, onnx] = /^onnx:(.+)$/.exec(text) ?? []
  return onnx === undefined ? { path: text } : { onnx }
}

function resolveModel(configured: Config['model'], folder: string): ConfiguredModel {
  const given = typeof configured === 'object' ? configured : namedModel(configured ?? 'starter')
  const { path = 'starter', onnx, endpoint, name, dimensions, pooling } = given
  const { queryPrefix, documentPrefix, maxTokens } = given
  const settings = { queryPrefix, documentPrefix, maxTokens }
  if (onnx !== undefined) {
    const place = { folder: resolvePath(folder, onnx), hubName: parseOnnxHubName(onnx) }
    return { engine: 'onnx', ...place, name, pooling, ...settings }
  }
  if (endpoint !== undefined && name !== undefined && dimensions !== undefined) {
    return { engine: 'http', endpoint, name, dimensions, ...settings }
  }
  return { engine: 'llama', path: modelPath(folder, path), name, ...settings }
}

function isSameModel(one: ConfiguredModel, other: ConfiguredModel): boolean {
  if (one.engine === 'llama') return other.engine === 'llama' && one.path === other.path
  return one.engine === 'onnx' && other.engine === 'onnx' && one.folder === other.folder
}

/** The model that was given outside the file, with the file's settings if it is the same one. */
function chooseModel(configured: ConfiguredModel, given: string | undefined, folder: string): ConfiguredModel {
  if (given === undefined) return configured
  const model = resolveModel(given, folder)
  return isSameModel(configured, model) ? configured : model
}

function resolveSources(configured: Config['sources'], folder: string): ConfiguredRoot[] {
  return (configured ?? []).map((source) => {
    const { path, name } = typeof source === 'string' ? { path: source, name: undefined } : source
    return { path: resolvePath(folder, path), name }
  })
}

function addExcludes(configured: readonly string[] = [], given: readonly string[]): readonly string[] {
  const negated = configured.length > 0 ? given.find((glob) => /^!(?!\()/.test(glob)) : undefined
  if (negated === undefined) return [...configured, ...given]
  throw new QuernError('OPTION_INVALID', `--exclude ${negated} would bring back what the configuration leaves out`, {
    hint: 'Write it into exclude of the configuration file.',
  })
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep
}

/**
 * Paths of the command line stand in place of the configured ones. One that is configured keeps its configured name; one that lies inside a configured
 * folder stands for that part of it, so that its files keep their ids and the rest of the folder is left alone.
 */
function chooseSources(
  configured: readonly ConfiguredRoot[],
  paths: readonly string[],
  folder: string,
): readonly ConfiguredRoot[] {
  if (paths.length === 0) return configured
  return paths.map((given) => {
    if (given === '') {
      throw new QuernError('OPTION_INVALID', 'one of the paths is empty', { hint: 'Use "." for the working folder.' })
    }
    const path = resolve(folder, given)
    const outer = configured.find((root) => path.startsWith(withSeparator(root.path)))
    if (outer !== undefined) return { ...outer, only: [relative(outer.path, path).split(sep).join('/')] }
    return { path, name: configured.find((root) => root.path === path)?.name }
  })
}

/**
 * Puts flags, environment, configuration file and defaults together, in that order of precedence, and checks the whole:
 * rejects with `CONFIG_INVALID` and all problems at once.
 */
export async function resolveConfig(options: ConfigOptions, context: CommandContext): Promise<ResolvedConfig> {
  const { workingFolder, env } = context
  const outer = outerSettings(options, env)
  const loaded = await loadConfig(workingFolder, outer.config)
  const inFile = check(loaded?.value, `the configuration file ${loaded?.file ?? ''}`)
  // Checked by the same schema, so that a flag and a key are told of alike.
  const outside = check(
    {
      ...(outer.store === undefined ? {} : { store: outer.store }),
      ...(outer.gpu === undefined ? {} : { embedding: { gpu: outer.gpu } }),
    },
    'the command line or environment',
  )
  requireSound([inFile, outside])
  const { config } = inFile
  const { config: flags } = outside

  const folder = loaded === undefined ? workingFolder : dirname(loaded.file)
  const paths = options.paths ?? []
  const givenStore = {
    type: typeof flags.store === 'string' ? flags.store : undefined,
    path: outer.storePath || undefined,
  }
  return {
    file: loaded?.file,
    folder,
    sources: chooseSources(resolveSources(config.sources, folder), paths, workingFolder),
    sourcesAreConfigured: paths.length === 0,
    include: options.include ?? config.include,
    // Excluding more is what a flag can do; what the file leaves out, perhaps for good reason, stays out.
    exclude: options.exclude === undefined ? config.exclude : addExcludes(config.exclude, options.exclude),
    ignoreFiles: options.ignore === false ? false : (config.ignoreFiles ?? true),
    hidden: config.hidden ?? false,
    symlinks: config.symlinks,
    records: config.records ?? [],
    readers: config.readers ?? [],
    maxFileBytes: config.maxFileBytes,
    loadTimeoutMs:
      config.loadTimeoutSeconds === undefined ? undefined : Math.max(1, Math.round(config.loadTimeoutSeconds * 1000)),
    model: chooseModel(resolveModel(config.model, folder), outer.model, workingFolder),
    store: resolveStore(config.store, givenStore, { folder, workingFolder }),
    chunking: {
      targetTokens: config.chunking?.targetTokens,
      overlapTokens: config.chunking?.overlapTokens,
      strategy: config.chunking?.strategy,
    },
    embedding: {
      concurrency: config.embedding?.concurrency,
      gpu: flags.embedding?.gpu ?? config.embedding?.gpu,
      vectorCache: config.embedding?.vectorCache ?? false,
    },
  }
}
