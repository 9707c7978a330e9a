/** Chunks in a document, so that a changed document is an upsert of ten. */
export const chunksPerDocument = 10

/** Hits of a search. */
export const limit = 10
