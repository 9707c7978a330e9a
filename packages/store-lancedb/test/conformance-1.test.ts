import { describe, test } from 'vitest'
import { harness, isLongCase } from './conformance-suite.ts'
import { registerCases } from './register-cases.ts'

// In two files, so that they run side by side.
let number = 0
registerCases(harness, (name) => !isLongCase(name) && number++ % 2 === 0, { describe, test })
