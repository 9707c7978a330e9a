import { describe, test } from 'vitest'
import { registerCases } from '../register-cases.ts'
import { harness, isLongCase } from '../s3/conformance-suite.ts'

registerCases(harness, isLongCase, { describe, test })
