export type { Config } from './config/config-schema.ts'
export { defineConfig } from './config/define-config.ts'
