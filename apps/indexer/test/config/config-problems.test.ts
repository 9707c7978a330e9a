import { expect, test } from 'vitest'
import { configProblems } from '../../src/config/config-problems.ts'
import { configSchema } from '../../src/config/config-schema.ts'

function problemsOf(config: unknown): string[] {
  const checked = configSchema.safeParse(config)
  return checked.success ? [] : configProblems(checked.error.issues, config)
}

test.for<[unknown, string[]]>([
  [{ sources: ['docs', { path: 'wiki', name: 'w' }], store: 'json', model: 'starter' }, []],
  [{}, []],
  [{ sorces: ['docs'] }, ['sorces: unknown key; did you mean "sources"?']],
  [{ store: { tpe: 'json' } }, ['store.tpe: unknown key; did you mean "type"?']],
  [{ sources: [{ path: 'a', nam: 'b' }] }, ['sources[0].nam: unknown key; did you mean "name"?']],
  [{ chunking: { zzzzzz: 1 } }, ['chunking.zzzzzz: unknown key; known are targetTokens, overlapTokens, strategy']],
  [{ store: { type: 'sqlite' } }, ['store.type: expected "json" | "lancedb", received "sqlite"']],
  [{ store: { type: 'lancedb', fiterable: ['author'] } }, ['store.fiterable: unknown key; did you mean "filterable"?']],
  [{ store: { type: 'lancedb', encoding: 'base64' } }, ['store: encoding is for type json, and the type is lancedb']],
  [{ store: { uri: 's3://bucket/index' } }, ['store: uri is for type lancedb, and the type is json']],
  [{ store: { type: 'lancedb', path: 'a', uri: 's3://b' } }, ['store: expected path or uri, not both']],
  [{ store: { path: 's3://b/c' } }, ['store: a JSON store is a folder; for an address the type is lancedb']],
  [
    { store: { type: 'lancedb', uri: 'bucket/index' } },
    ['store.uri: expected an address such as s3://bucket/folder or db://name, received "bucket/index"'],
  ],
  [
    {
      store: {
        type: 'lancedb',
        uri: 's3://b/c',
        storageOptions: { region: 'eu-central-1' },
        filterable: { author: 'string' },
      },
    },
    [],
  ],
  [{ sources: 'docs' }, ['sources: expected array, received "docs"']],
  [{ sources: [7] }, ['sources[0]: expected string or object, received 7']],
  [{ model: { path: '' } }, ['model.path: expected a text that is not empty, received ""']],
  [{ maxFileBytes: 0 }, ['maxFileBytes: expected more than 0, received 0']],
  [{ chunking: { overlapTokens: -1 } }, ['chunking.overlapTokens: expected at least 0, received -1']],
  [{ chunking: { strategy: 'recursive' } }, []],
  [{ chunking: { strategy: { splitText: async () => [] } } }, []],
  ...['semantic', {}, 7].map((strategy): [unknown, string[]] => [
    { chunking: { strategy } },
    [
      'chunking.strategy: expected "structure" | "recursive" | "code" | "records", or a text splitter with a function splitText()',
    ],
  ]),
  [
    { embedding: { gpu: 'on' } },
    ['embedding.gpu: expected "auto" | "off" | "cuda" | "vulkan" | "metal", received "on"'],
  ],
  [['docs'], ["the configuration: expected object, received [ 'docs' ]"]],
])('tells path, expectation and value: %j', ([config, problems]) => {
  expect(problemsOf(config)).toEqual(problems)
})

test('tells all problems at once', () => {
  expect(problemsOf({ sorces: [], store: { type: 1 }, chunking: { targetTokens: 'many' } })).toHaveLength(3)
})

test('a secret in the file is refused, and not printed', () => {
  const storageOptions = { region: 'eu-central-1', aws_secret_access_key: 'hush', sessionToken: 'hush' }
  const problems = problemsOf({ store: { type: 'lancedb', uri: 's3://bucket/index', storageOptions } })
  expect(problems).toEqual([
    expect.stringMatching(/^store: storageOptions.aws_secret_access_key is a secret: .*environment/),
    expect.stringMatching(/^store: storageOptions.sessionToken is a secret/),
  ])
  expect(problems.join()).not.toContain('hush')
})
