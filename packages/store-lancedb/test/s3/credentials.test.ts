import { runNode } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { openLanceStore } from '../../src/index.ts'
import { space } from './sample-corpus.ts'
import { secretKey, startS3Server } from './start-s3-server.ts'
import type { S3Server } from './start-s3-server.ts'

const uri = 's3://bucket/corpus'
const accessKey = 'AKIA-OF-THESE-TESTS'
const token = 'token-of-a-session-of-these-tests'
const script = new URL('write-shard.ts', import.meta.url).pathname

/** Everything that the server keeps: keys and bodies. */
function bucketText({ objects }: S3Server): string {
  return objects
    .keys('')
    .map((key) => key + (objects.get(key)?.body.toString('latin1') ?? ''))
    .join('\n')
}

/** All that an error says, its causes included. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return [error.message, error.stack, JSON.stringify(error), errorText(error.cause)].join('\n')
}

const ours = [accessKey, secretKey, token]
const found = (text: string): string[] => ours.filter((secret) => text.includes(secret))

describe('credentials', () => {
  test('may come from the environment alone, and stand nowhere afterwards', async () => {
    await using server = await startS3Server({ accessKey })
    const env = {
      PATH: process.env['PATH'],
      AWS_ACCESS_KEY_ID: accessKey,
      AWS_SECRET_ACCESS_KEY: secretKey,
      AWS_SESSION_TOKEN: token,
      AWS_REGION: 'us-east-1',
    }
    const storageOptions = { endpoint: server.endpoint, allow_http: 'true' }
    const writing = { uri, storageOptions, from: 0, count: 4, step: 1, batch: 2 }
    const result = await runNode([script, JSON.stringify(writing)], { env })
    expect([result.exitCode, result.stderr]).toEqual([0, ''])
    expect(result.stdout.trim().split('\n')).toHaveLength(5)
    expect(found(bucketText(server))).toEqual([])
  })

  test('in the options stand nowhere afterwards', async () => {
    await using server = await startS3Server({ accessKey })
    const storageOptions = { ...server.storageOptions, aws_session_token: token }
    await using store = await openLanceStore({ uri, storageOptions, mode: 'write', space })
    await store.maintain()
    expect(found(bucketText(server))).toEqual([])
    expect(found(JSON.stringify([store, await store.stats()]))).toEqual([])
  })

  test('that are refused do not stand in the error, though the storage repeats them', async () => {
    await using server = await startS3Server({ accessKey: 'another access key' })
    const storageOptions = { ...server.storageOptions, aws_access_key_id: accessKey, aws_session_token: token }
    const error: unknown = await openLanceStore({ uri, storageOptions, mode: 'read' }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({
      code: 'STORE_UNREADABLE',
      message: expect.stringContaining('The AWS Access Key Id does not exist in our records.'),
      hint: 'Check the credentials and the options of the storage.',
    })
    expect(found(errorText(error))).toEqual([])
  })

  test('hide in an error that names the address of the storage', async () => {
    const endpoint = 'http://127.0.0.1:9'
    const storageOptions = {
      endpoint,
      allow_http: 'true',
      region: 'us-east-1',
      aws_access_key_id: accessKey,
      aws_secret_access_key: secretKey,
      client_max_retries: '0',
    }
    const error: unknown = await openLanceStore({ uri, storageOptions, mode: 'read' }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'STORE_UNREADABLE', message: expect.stringContaining(endpoint) })
    expect(found(errorText(error))).toEqual([])
    const withUser = { ...storageOptions, endpoint: `http://user:${token}@127.0.0.1:9` }
    const other: unknown = await openLanceStore({ uri, storageOptions: withUser, mode: 'read' }).catch(
      (thrown: unknown) => thrown,
    )
    expect(found(errorText(other))).toEqual([])
  })

  test('from the environment that are refused do not stand in the error either', async () => {
    await using server = await startS3Server({ accessKey: 'another access key' })
    const env = {
      PATH: process.env['PATH'],
      AWS_ACCESS_KEY_ID: accessKey,
      AWS_SECRET_ACCESS_KEY: secretKey,
      AWS_SESSION_TOKEN: token,
    }
    const storageOptions = { endpoint: server.endpoint, allow_http: 'true', region: 'us-east-1' }
    const writing = { uri, storageOptions, from: 0, count: 1, step: 1, batch: 1 }
    const result = await runNode([script, JSON.stringify(writing)], { env: { ...env, LANCEDB_LOG: 'off' } })
    expect(result.exitCode).not.toBe(0)
    expect(result.stderr).toContain('The AWS Access Key Id does not exist in our records.')
    expect(found(result.stderr)).toEqual([])
  })
})
