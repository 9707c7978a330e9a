import { describe, expect, test } from 'vitest'
import { placeGuarantees } from '../../src/index.ts'

describe('who answers for what', () => {
  test('in a local folder, it is the store with its lock', () => {
    for (const uri of ['folder', './db', '/srv/index', 'file:///srv/index'])
      expect(placeGuarantees({ uri })).toMatchObject({ writers: 'lock', upkeep: 'store', durability: 'option' })
  })

  test('in object storage, it is the store, for any number of writers', () => {
    for (const uri of ['s3://bucket/db', 'gs://bucket/db', 'az://container/db'])
      expect(placeGuarantees({ uri })).toMatchObject({ writers: 'conditional-commits', uniqueIds: 'primary-key' })
    expect(placeGuarantees({ uri: 's3://bucket/db' }).tested).toBe(true)
    expect(placeGuarantees({ uri: 'gs://bucket/db' }).tested).toBe(false)
  })

  test('behind db:// it is the server, and nothing of it is tested', () => {
    expect(placeGuarantees({ uri: 'db://corpus' })).toEqual({
      writers: 'server',
      uniqueIds: 'server',
      upkeep: 'server',
      indexes: 'server',
      durability: 'server',
      tested: false,
    })
  })
})
