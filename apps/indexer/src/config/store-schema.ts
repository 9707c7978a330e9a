import { z } from 'zod'

const text = z.string().min(1)

/** Keys that mean something for one type of store alone. */
const keysOfType: Readonly<Record<StoreType, readonly string[]>> = {
  json: ['layout', 'encoding', 'compression'],
  lancedb: ['uri', 'storageOptions', 'filterable', 'durability'],
}

const secretName = /secret|password|token|credential|signature|sas|access_?key|account_?key|api_?key|service_?account/i

/** An address as object storage and remote databases have it: `s3://bucket/folder`, `db://name`. */
export const uriPattern = /^[a-z][a-z0-9+.-]+:\/\/./i

type Fields = Readonly<Record<string, unknown>>

/** Keys that contradict the type or each other, and secrets, which do not belong in a file. */
function checkStore(store: Fields, context: z.RefinementCtx): void {
  const problem = (message: string): void => context.addIssue({ code: 'custom', message })
  const type = store['type'] === 'lancedb' ? 'lancedb' : 'json'
  for (const [other, keys] of Object.entries(keysOfType)) {
    if (other === type) continue
    for (const key of keys)
      if (store[key] !== undefined) problem(`${key} is for type ${other}, and the type is ${type}`)
  }
  if (store['path'] !== undefined && store['uri'] !== undefined) problem('expected path or uri, not both')
  if (type === 'json' && typeof store['path'] === 'string' && uriPattern.test(store['path'])) {
    problem('a JSON store is a folder; for an address the type is lancedb')
  }
  for (const key of Object.keys(store['storageOptions'] ?? {})) {
    if (!secretName.test(key)) continue
    problem(
      `storageOptions.${key} is a secret: take it out of the file, and set it in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, …)`,
    )
  }
}

export const storeType = z.enum(['json', 'lancedb'])

/** A kind of store. */
export type StoreType = z.output<typeof storeType>

/** Where vectors are kept: a type, or a type with its settings. */
export const storeSchema = z.union([
  storeType,
  z
    .strictObject({
      type: storeType
        .optional()
        .describe('Backend. Default: json. lancedb for more than some 100,000 chunks, or off one machine.'),
      path: text
        .optional()
        .describe('Folder of the store, relative to this file. Default: .quern, for lancedb .quern-lancedb'),
      layout: z
        .enum(['auto', 'single', 'segments'])
        .optional()
        .describe(
          'For json: all in one readable file, or in segments. Default: auto, one file while the store is small.',
        ),
      encoding: z
        .enum(['decimal', 'base64'])
        .optional()
        .describe('For json: how numbers of vectors are written. Default: decimal while the store is small.'),
      compression: z.enum(['none', 'gzip', 'zstd']).optional().describe('For json. Default: none.'),
      uri: text
        .regex(uriPattern, 'expected an address such as s3://bucket/folder or db://name')
        .optional()
        .describe('For lancedb: an address in place of path, for instance s3://bucket/folder or db://name.'),
      storageOptions: z
        .record(z.string(), z.string())
        .optional()
        .describe(
          'For lancedb: options of the object storage (region, endpoint). Secrets come from the environment alone (AWS_…).',
        ),
      filterable: z
        .record(text, z.enum(['string', 'number', 'boolean', 'string[]']))
        .optional()
        .describe(
          'For lancedb: keys of the metadata, and their types, that get a column of their own, so that filters on them are fast.',
        ),
      durability: z
        .enum(['commit', 'close', 'off'])
        .optional()
        .describe('For lancedb in a folder: when what was written is brought to the disk itself. Default: close.'),
    })
    .superRefine(checkStore),
])
