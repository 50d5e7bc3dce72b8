/**
 * Documents that a statement of one SQLite connection finds. The connection that reads is answered places and revisions, and fetches and
 * parses only what it did not read lately; the one that writes is answered bodies.
 */
import { decodeDocument, type Decoders, type StoredBody } from '../decoder.ts'
import type { Kind } from '../document.ts'
import type { Stored } from '../listing.ts'
import { documentCache } from '../sql/document-cache.ts'
import type { DocumentSource, Statement, Value } from '../sql/connection.ts'
import type { CommittedRows } from './committed-rows.ts'
import { statements } from '../statement.ts'
import { DOCUMENT, type Connection, type Row } from './connection.ts'
import type { ListingThread } from './listing-thread.ts'
import type { KnownDocuments } from './known-documents.ts'

/** A connection that is in a transaction of its own, and sees what is not committed yet. */
export function documentsWithin(
  connection: Connection,
  known: KnownDocuments,
  decoders: Decoders,
): DocumentSource {
  const find = (sql: string, values: readonly Value[]) =>
    connection.all(sql, values).map((row) => storedOf(row, row, decoders))
  return {
    find,
    findById(kind, id) {
      const isWritten = known.isWritten(kind, id)
      return knownOr(isWritten ? undefined : known, [kind, id], find)
    },
  }
}

export interface CommittedParts {
  readonly reading: Connection
  readonly rows: CommittedRows
  readonly thread: ListingThread
  readonly walkedMax: number
}

/** Only for a connection that sees nothing but committed states. */
export function committedDocuments(
  { thread, walkedMax, ...parts }: CommittedParts,
  known: KnownDocuments,
  decoders: Decoders,
): DocumentSource {
  const find = findCommitted(parts, decoders)
  return {
    find,
    findById: (kind, id) => knownOr(known, [kind, id], find),
    longListings: {
      walkedMax,
      arePossible: () => known.highestSeq() > walkedMax,
      async list(account, page, total) {
        const found = await thread.find(account, { page: withBodies(page), total })
        return { ...found, rows: found.rows.map((row) => storedOf(row, row, decoders)) }
      },
    },
  }
}

function withBodies({ sql, values }: Statement): Statement {
  return { sql: sql.replace('{document}', DOCUMENT), values }
}

/** `known`: where what the statement finds is what is committed. */
function knownOr(
  known: KnownDocuments | undefined,
  [kind, id]: readonly [Kind, string],
  find: (sql: string, values: readonly Value[]) => readonly Stored[],
): Stored | undefined {
  const before = known ? known.find(kind, id) : 'unknown'
  if (before !== 'unknown') return before
  const [found] = find(statements.findById, [kind, id])
  known?.keep(kind, id, found)
  return found
}

function findCommitted(
  { reading, rows }: { readonly reading: Connection; readonly rows: CommittedRows },
  decoders: Decoders,
) {
  const cache = documentCache()
  const fetch = (places: readonly Row[]): readonly Stored[] => {
    const seqs = places.map((row) => Number(row['seq']))
    const bodies = reading.all(bodiesSql(seqs.length), seqs)
    const bySeq = new Map(bodies.map((body) => [body['seq'], body]))
    return places.map((row) => storedOf(row, bySeq.get(row['seq']) ?? {}, decoders))
  }
  return (sql: string, values: readonly Value[]): readonly Stored[] => {
    const places = rows.all(sql, values)
    const known = places.map((row) => cache.find(Number(row['seq']), Number(row['revision'])))
    const missing = places.filter((_, at) => known[at] === undefined)
    if (missing.length === 0) return known.filter((each) => each !== undefined)
    const fetched = fetch(missing)[Symbol.iterator]()
    return known.map((each) => {
      if (each) return each
      const stored = fetched.next().value as Stored
      cache.keep(stored)
      return stored
    })
  }
}

function storedOf(place: Row, body: Row, decoders: Decoders): Stored {
  return {
    document: decodeDocument(decoders, body as unknown as StoredBody),
    seq: Number(place['seq']),
    revision: Number(place['revision']),
  }
}

function bodiesSql(count: number): string {
  return `select seq, kind, id, body from document where seq in (${Array(count).fill('?').join(', ')})`
}
