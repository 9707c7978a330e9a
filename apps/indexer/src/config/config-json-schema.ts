import { z } from 'zod'
import { configSchema } from './config-schema.ts'

/** The JSON Schema of the configuration file, as it is published in `indexer.config.schema.json`. */
export function configJsonSchema(): object {
  return {
    ...z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }),
    title: 'Quern indexer configuration',
  }
}
