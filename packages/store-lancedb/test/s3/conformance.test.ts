import { describe, test } from 'vitest'
import { registerCases } from '../register-cases.ts'
import { harness, isLongCase } from './conformance-suite.ts'

registerCases(harness, (name) => !isLongCase(name), { describe, test })
