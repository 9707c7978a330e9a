import { describe, test } from 'vitest'
import { registerConformance } from './conformance-suite.ts'

registerConformance(0, 2, { describe, test })
