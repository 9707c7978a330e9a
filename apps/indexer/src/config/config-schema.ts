import { z } from 'zod'

const text = z.string().min(1)
const count = z.int().positive()

const source = z.union([
  text,
  z.strictObject({
    path: text.describe('File or folder, relative to this file.'),
    name: text.optional().describe('First part of the ids of its sources. Default: the name of the folder.'),
  }),
])

const model = z.union([
  text,
  z.strictObject({
    path: text.describe('Path of a .gguf file, relative to this file, or "starter".'),
    name: text.optional().describe('Name for people. Default: the file name.'),
    queryPrefix: z.string().optional().describe('What the model wants in front of a search query.'),
    documentPrefix: z.string().optional().describe('What the model wants in front of a document.'),
    maxTokens: count.optional().describe("Most tokens of one text. Default: the model's own limit."),
  }),
])

const storeType = z.enum(['json'])

const store = z.union([
  storeType,
  z.strictObject({
    type: storeType.optional().describe('Backend. Default: json.'),
    path: text.optional().describe('Folder of the store, relative to this file. Default: .quern'),
  }),
])

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
  maxFileBytes: count.optional().describe('Larger files are reported and not read.'),
  loadTimeoutSeconds: z.number().positive().optional().describe('Longest time for loading one file.'),
  model: model.optional().describe('"starter" (bundled, the default) or the path of a .gguf embedding model.'),
  store: store.optional().describe('Where the vectors are kept. Default: json in .quern beside this file.'),
  chunking: z
    .strictObject({
      targetTokens: count.optional().describe('Size that pieces should have.'),
      overlapTokens: z.int().min(0).optional().describe('Tokens repeated from the piece before.'),
    })
    .optional(),
  embedding: z
    .strictObject({
      concurrency: count.optional().describe('Texts embedded at a time. Default: one a core.'),
      gpu: z.enum(['auto', 'off', 'cuda', 'vulkan', 'metal']).optional(),
    })
    .optional(),
})

/** What a configuration file may say. */
export type Config = z.input<typeof configSchema>
