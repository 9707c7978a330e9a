import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isQuernError } from '@quern/core'
import { acceptPartial, checkFile } from '../accept-partial.ts'
import { RefusedError } from '../download-file.ts'
import type { PullProgress } from '../download-file.ts'
import { fetchPartial } from '../fetch-partial.ts'
import type { FilePull, PulledFile } from '../file-pull.ts'
import { makeModelFolder } from '../make-model-folder.ts'
import { modelFileSize } from '../model-cache.ts'
import type { OnnxPull } from './onnx-pull.ts'
import type { OnnxPlan, PlannedFile } from './plan-onnx-download.ts'

/** Size of all files of a plan, or undefined where the server did not say it of every one. */
export function plannedBytes({ files }: OnnxPlan): number | undefined {
  let total = 0
  for (const { announced } of files) {
    if (announced.bytes === undefined) return undefined
    total += announced.bytes
  }
  return total
}

/** A file that an earlier call has downloaded, if it is what the server announces now. */
async function keptFile(pull: FilePull, { announced }: PlannedFile): Promise<PulledFile | undefined> {
  const { path } = pull
  const bytes = await modelFileSize(path)
  if (bytes === undefined) return undefined
  const { sha256, checkedAgainst, mismatch } = await checkFile(path, pull, announced)
  if (checkedAgainst === 'announced' && mismatch === undefined) return { path, bytes, sha256, checkedAgainst }
  await rm(path)
  return undefined
}

function isAbsent(error: unknown): boolean {
  return isQuernError(error) && error.cause instanceof RefusedError && error.cause.status === 404
}

async function fetchFile(
  pull: OnnxPull,
  planned: PlannedFile,
  onProgress: (progress: PullProgress) => void,
): Promise<PulledFile | undefined> {
  const { file, request, announced } = planned
  const path = join(pull.staging, ...file.path.split('/'))
  const { checkContent } = file
  const filePull = { ...request, path, sha256: undefined, bytes: undefined, announced, onProgress, checkContent }
  await makeModelFolder(dirname(path))
  const kept = await keptFile(filePull, planned)
  if (kept !== undefined) return kept
  try {
    return await acceptPartial(await fetchPartial(filePull), filePull)
  } catch (error) {
    // Only now it shows, where the server does not answer HEAD.
    if (!file.needed && isAbsent(error)) return undefined
    throw error
  }
}

/**
 * Downloads the files of a plan into the staging folder, one after the other, beginning where an earlier call ended. Resolves to those
 * that there are, with paths within the folder. Rejects as `fetchPartial` and `acceptPartial` do.
 */
export async function fetchOnnxFiles(pull: OnnxPull, plan: OnnxPlan): Promise<PulledFile[]> {
  const totalBytes = plannedBytes(plan)
  const files: PulledFile[] = []
  let done = 0
  for (const planned of plan.files) {
    const before = done
    const pulled = await fetchFile(pull, planned, ({ bytes }) => {
      pull.options.onProgress?.({ bytes: before + bytes, totalBytes })
    })
    if (pulled === undefined) continue
    done += pulled.bytes
    files.push({ ...pulled, path: planned.file.path })
  }
  return files
}
