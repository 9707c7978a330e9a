import { describe, test } from 'vitest'
import { registerConformance } from './conformance-suite.ts'

registerConformance(1, 2, { describe, test })
