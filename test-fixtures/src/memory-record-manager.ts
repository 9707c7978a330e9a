import { RecordManager } from '@langchain/core/indexing'

interface Kept {
  readonly updatedAt: number
  readonly groupId: string | null
}

/** A record manager in memory, as LangChain's indexing wants one. */
export class MemoryRecordManager extends RecordManager {
  override lc_namespace = ['quern', 'test']
  readonly #records = new Map<string, Kept>()
  #time = 0

  async createSchema(): Promise<void> {}

  async getTime(): Promise<number> {
    return ++this.#time
  }

  async update(keys: string[], { groupIds }: { groupIds?: (string | null)[] } = {}): Promise<void> {
    for (const [at, key] of keys.entries())
      this.#records.set(key, { updatedAt: ++this.#time, groupId: groupIds?.[at] ?? null })
  }

  async exists(keys: string[]): Promise<boolean[]> {
    return keys.map((key) => this.#records.has(key))
  }

  async listKeys({ before, groupIds }: { before?: number; groupIds?: (string | null)[] } = {}): Promise<string[]> {
    return [...this.#records]
      .filter(
        ([, { updatedAt, groupId }]) =>
          (before === undefined || updatedAt < before) && (groupIds?.includes(groupId) ?? true),
      )
      .map(([key]) => key)
  }

  async deleteKeys(keys: string[]): Promise<void> {
    for (const key of keys) this.#records.delete(key)
  }
}
