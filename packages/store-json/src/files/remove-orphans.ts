import type { FileOperations } from '@quern/core/files'
import { listFolder } from './inspect-folder.ts'
import type { Manifest } from '../format/manifest.ts'
import { chunkFolder, isDataName, isTemporaryManifest, sourceFolder, storePath } from '../format/store-layout.ts'

/**
 * Removes what writers left behind that were killed: data files that the manifest does not name and manifests that were never put in
 * place. Leaves alone whatever does not bear the name of such a file. Only for the holder of the lock. Rejects with the system's
 * errors.
 */
export async function removeOrphans(path: string, manifest: Manifest, operations: FileOperations): Promise<void> {
  const named = new Set([...manifest.chunkFiles, ...manifest.sourceFiles].map(({ file }) => file))
  const orphans = (await listFolder(path)).filter(isTemporaryManifest)
  for (const folder of [chunkFolder, sourceFolder]) {
    const names = (await listFolder(storePath(path, folder))).filter(isDataName)
    orphans.push(...names.map((name) => `${folder}/${name}`).filter((file) => !named.has(file)))
  }
  for (const file of orphans) await operations.remove(storePath(path, file))
}
