/** Documents that a statement of one SQLite connection finds; what was read lately is neither fetched nor parsed again. */
import { decodeDocument, type Decoders, type StoredBody } from '../decoder.ts'
import type { Stored } from '../listing.ts'
import type { FindDocuments } from '../sql/connection.ts'
import type { Connection, Row } from './connection.ts'
import type { DocumentCache } from '../sql/document-cache.ts'

const BODY = 'select kind, id, body from document where seq = ?'

/** `cache` only for a connection that sees nothing but committed states. */
export function documentsOf(
  connection: Connection,
  decoders: Decoders,
  cache?: DocumentCache,
): FindDocuments {
  const load = (row: Row): Stored => {
    const { seq, revision } = { seq: Number(row['seq']), revision: Number(row['revision']) }
    const known = cache?.find(seq, revision)
    if (known) return known
    const body = connection.first(BODY, [seq]) as unknown as StoredBody
    const stored: Stored = { document: decodeDocument(decoders, body), seq, revision }
    cache?.keep(stored)
    return stored
  }
  return (sql, values) => connection.all(sql, values).map(load)
}
