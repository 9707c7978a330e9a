import { describe, test } from 'vitest'
import { harness, isLongCase } from '../conformance-suite.ts'
import { registerCases } from '../register-cases.ts'

registerCases(harness, isLongCase, { describe, test })
