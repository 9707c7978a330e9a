import type { TextSplitterLike } from '@quern/chunker'
import type { Reader } from '@quern/loader'
import { z } from 'zod'
import { storeSchema } from './store-schema.ts'

const text = z.string().min(1)
const count = z.int().positive()

const source = z.union([
  text,
  z.strictObject({
    path: text.describe('File or folder, relative to this file.'),
    name: text.optional().describe('First part of the ids of its sources. Default: the name of the folder.'),
  }),
])

/** Exactly one engine, with what it cannot find out by itself. */
function checkModel(
  { path, onnx, endpoint, name, dimensions }: Readonly<Record<string, unknown>>,
  context: z.RefinementCtx,
): void {
  const problem = (message: string): void => context.addIssue({ code: 'custom', message })
  if ([path, onnx, endpoint].filter((value) => value !== undefined).length !== 1) {
    problem('expected exactly one of path (llama.cpp), onnx (a folder or a name on the hub) and endpoint (a URL)')
  }
  if (endpoint === undefined) return
  if (name === undefined) problem('endpoint needs name, the model as the endpoint knows it')
  if (dimensions === undefined) problem('endpoint needs dimensions, the numbers in a vector of the model')
}

const model = z.union([
  text,
  z
    .strictObject({
      path: text
        .optional()
        .describe('Path of a .gguf file, relative to this file, a name of "models list", or "starter".'),
      onnx: text
        .optional()
        .describe(
          'Model in ONNX format: a folder, relative to this file, or where there is none, what was fetched with "models pull onnx:<owner>/<repository>", without "onnx:". Needs the package @quern/embedder-onnx.',
        ),
      endpoint: z
        .url()
        .optional()
        .describe('Address of an OpenAI-compatible API, usually ending in /v1. A key is taken from QUERN_API_KEY.'),
      dimensions: count.optional().describe('Numbers in a vector, for an endpoint.'),
      pooling: z.enum(['mean', 'cls']).optional().describe('For onnx, where its folder does not say.'),
      name: text
        .optional()
        .describe('Name for people; for an endpoint, the name that it knows. Default: the file name.'),
      queryPrefix: z.string().optional().describe('What the model wants in front of a search query.'),
      documentPrefix: z.string().optional().describe('What the model wants in front of a document.'),
      maxTokens: count
        .optional()
        .describe("Most tokens of one text. Default: the model's own limit; 512 for an endpoint."),
    })
    .superRefine(checkModel),
])

const recordRule = z.strictObject({
  files: z.array(text).min(1).describe('Globs of the files.'),
  id: text.optional().describe('Column with the id, unique in its file. Default: "id" or "_id", else the content.'),
  text: z.array(text).min(1).optional().describe('Columns with the text. Default: the first usual name, else all.'),
  title: text.optional().describe('Column with the title.'),
  metadata: z.array(text).optional().describe('Columns that become metadata. Default: all others that are short.'),
})

function isReader(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'read' in value && typeof value.read === 'function'
}

function isSplitter(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'splitText' in value && typeof value.splitText === 'function'
}

/** The configuration file. Unknown keys are errors; every key may be left out. */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe('Address of this schema, for editors.'),
  sources: z
    .array(source)
    .optional()
    .describe('Files and folders to index when the command line names none, relative to this file.'),
  include: z.array(text).optional().describe('Globs of the files to index. Default: all of a known format.'),
  exclude: z.array(text).optional().describe('Globs of files and folders to leave out.'),
  ignoreFiles: z.boolean().optional().describe('Honour .gitignore and .indexignore. Default: true.'),
  hidden: z.boolean().optional().describe('Index names that begin with a dot, too. Default: false.'),
  symlinks: z
    .enum(['skip', 'files', 'follow'])
    .optional()
    .describe('Links inside a source: none, those to files (default), or those to folders too.'),
  records: z
    .array(recordRule)
    .optional()
    .describe('How records of JSON Lines, CSV and TSV files are read; the first rule that fits a file counts.'),
  readers: z
    .array(
      z.custom<Reader>(
        isReader,
        'expected a reader with a function read(); give it in a configuration in TypeScript or JavaScript',
      ),
    )
    .optional()
    .describe('Readers of further formats, in a configuration in TypeScript or JavaScript.'),
  maxFileBytes: count.optional().describe('Larger files are reported and not read.'),
  loadTimeoutSeconds: z.number().positive().optional().describe('Longest time for loading one file.'),
  model: model
    .optional()
    .describe(
      '"starter" (bundled, the default), the path of a .gguf embedding model, a known name, "onnx:" with a folder or a name on the hub, or an engine with its settings.',
    ),
  store: storeSchema.optional().describe('Where the vectors are kept. Default: json in .quern beside this file.'),
  chunking: z
    .strictObject({
      targetTokens: count.optional().describe('Size that pieces should have.'),
      overlapTokens: z.int().min(0).optional().describe('Tokens repeated from the piece before.'),
      strategy: z
        .union([
          z.enum(['structure', 'recursive', 'code', 'records']),
          z.custom<TextSplitterLike>(
            isSplitter,
            'expected "structure" | "recursive" | "code" | "records", or a text splitter with a function splitText()',
          ),
        ])
        .optional()
        .describe(
          'Where pieces begin and end: by structure (default), as the recursive splitter of LangChain cuts, as code, each record for itself; or a text splitter, in a configuration in TypeScript or JavaScript.',
        ),
    })
    .optional()
    .describe('How documents are split.'),
  embedding: z
    .strictObject({
      concurrency: count.optional().describe('Texts embedded at a time. Default: one a core.'),
      gpu: z
        .enum(['auto', 'off', 'cuda', 'vulkan', 'metal'])
        .optional()
        .describe('For models in GGUF files: which kind of device computes. Default: auto, the best that is there.'),
      vectorCache: z
        .boolean()
        .optional()
        .describe(
          'Keep vectors beside the models too, so that no other store or branch embeds the same text again. Default: false.',
        ),
    })
    .optional()
    .describe('How texts are embedded.'),
})

/** What a configuration file may say. */
export type Config = z.input<typeof configSchema>
