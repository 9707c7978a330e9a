import type { JsonStoreOptions } from '../src/index.ts'

/** The ways to lay a store out; the last one begins as a single file and becomes segments on the way. */
export const layouts = {
  segments: { layout: 'segments' },
  'a single file': { layout: 'single' },
  'a single file that grows': { layout: 'auto', singleFileChunks: 7 },
} as const satisfies Readonly<Record<string, Pick<JsonStoreOptions, 'layout' | 'singleFileChunks'>>>

/** Name of a layout. */
export type LayoutName = keyof typeof layouts

/** The names, for `test.each`. */
export const layoutNames = Object.keys(layouts) as LayoutName[]
