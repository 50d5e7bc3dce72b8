/** Documents of one SQL connection: their columns, their body, what they are found by beside, and the counts of them. */
import { columnsOf } from '../document.ts'
import { decodeDocument, type Decoders, type StoredBody } from '../decoder.ts'
import { Conflict } from '../port.ts'
import type {
  Columns,
  DocumentReader,
  DocumentWriter,
  Documents,
  Kind,
  Listing,
  Stored,
} from '../port.ts'
import { listingSql, statements, tagCountSql } from '../statement.ts'
import {
  answers,
  type Awaitable,
  type FindDocuments,
  type SqlConnection,
  type Value,
} from './connection.ts'
import type { TallyBuffer } from './tally.ts'

/** `tallies`: what is counted and not written down yet, on a connection that writes. */
export function documentReader(
  connection: SqlConnection,
  find: FindDocuments,
  tallies?: TallyBuffer,
): DocumentReader {
  const one = async <K extends Kind>(sql: string, values: readonly Value[]) =>
    (await find(sql, values))[0] as Stored<K> | undefined
  return {
    find: (kind, account, id) => one(statements.find, [kind, id, account]),
    findById: (kind, id) => one(statements.findById, [kind, id]),
    findByHandle: (kind, parent, handle) => one(statements.findByHandle, [parent, kind, handle]),
    findByNodeGroup: (account, nodeGroup) => one(statements.findByNodeGroup, [nodeGroup, account]),
    async list<K extends Kind>(kind: K, listing: Listing) {
      const sql = listingSql(kind, listing, await rareTag(connection, kind, listing))
      const behind = listing.behindSeq === undefined ? [] : [listing.behindSeq]
      const { limit, offset } = listing
      if (sql.counted) await tallies?.flush()
      const both = () => {
        const page = find(sql.page, [...sql.filters, ...behind, ...sql.ordering, limit, offset])
        // Where it is answered on the spot, a first page that is not full is all there is.
        const isAll = Array.isArray(page) && page.length < limit && offset + behind.length === 0
        return answers([
          page,
          isAll ? { total: page.length } : connection.first(sql.total, sql.filters),
        ])
      }
      const [rows, total] = await (connection.together?.(both) ?? both())
      return { total: Number(total?.['total'] ?? 0), rows: rows as readonly Stored<K>[] }
    },
    async tally(kind) {
      await tallies?.flush()
      const rows = await connection.all(statements.tallies, [kind])
      return rows.map((row) => ({
        product: String(row['product']),
        state: String(row['state']),
        count: Number(row['count']),
      }))
    },
  }
}

export function documentWriter(
  connection: SqlConnection,
  decoders: Decoders,
  tallies: TallyBuffer,
): DocumentWriter {
  const addRelated = (kind: Kind, it: Columns): readonly Awaitable<number>[] => [
    ...it.tags.map(({ key, value }) =>
      connection.run(statements.addTag, [kind, it.id, key, value]),
    ),
    ...it.policies.map((policy) => connection.run(statements.addAttachment, [kind, it.id, policy])),
    ...it.nodeGroups.map((group) => connection.run(statements.addNodeGroup, [group, kind, it.id])),
  ]
  const dropRelated = (kind: Kind, it: Columns): readonly Awaitable<number>[] => [
    connection.run(statements.dropTags, [kind, it.id]),
    connection.run(statements.dropAttachments, [kind, it.id]),
    ...it.nodeGroups.map((group) => connection.run(statements.dropNodeGroup, [group, kind, it.id])),
  ]
  return {
    async insert(kind, document, nowMs) {
      const it = columns(kind, document)
      const { account, region, product, id, name, state, parent, handle } = it
      const place = [kind, account, region, product, id, name, state, parent, handle]
      const { resourceGroup, verb, subject, trace, dialect, roleKind, resourceKind } = it
      const filed = [resourceGroup, verb, subject, trace, dialect, roleKind, resourceKind]
      const values = [...place, ...filed, it.origin, it.home, nowMs, JSON.stringify(document)]
      if ((await connection.run(statements.insert, values)) === 0)
        throw new Conflict(`${kind} ${it.id} exists`)
      tallies.add(kind, it, 1)
      await answers(addRelated(kind, it))
    },
    async save(kind, was, document) {
      const it = columns(kind, document)
      const before = columns(kind, was.document)
      const place = [it.name, it.state, it.resourceGroup, it.verb, JSON.stringify(document)]
      const key = [kind, it.id, was.revision]
      const changes = await connection.run(statements.save, [...place, ...key])
      if (changes === 0) throw new Conflict(`${kind} ${it.id} is not at revision ${was.revision}`)
      const counted = it.state !== before.state || it.resourceGroup !== before.resourceGroup
      const related = isRelatedElse(it, before)
      if (counted) {
        tallies.add(kind, before, -1)
        tallies.add(kind, it, 1)
      }
      if (related) await answers([...dropRelated(kind, before), ...addRelated(kind, it)])
    },
    async remove(kind, was) {
      const it = columns(kind, was.document)
      if ((await connection.run(statements.remove, [kind, it.id, was.revision])) === 0)
        throw new Conflict(`${kind} ${it.id} is not at revision ${was.revision}`)
      tallies.add(kind, it, -1)
      await answers(dropRelated(kind, it))
    },
    async removeChildren(kind, parent) {
      const children = await connection.all(statements.bodiesOfChildren, [parent, kind])
      for (const row of children) {
        const it = { ...row, kind } as unknown as StoredBody<typeof kind>
        tallies.add(kind, columns(kind, decodeDocument(decoders, it)), -1)
      }
      await connection.run(statements.dropChildren, [parent, kind])
    },
  }
}

/** So many documents are sorted in a few milliseconds. */
const RARE_MAX = 1_000

/** A tag of the listing that few documents have. */
async function rareTag(connection: SqlConnection, kind: Kind, { tags = [] }: Listing) {
  for (const tag of tags) {
    const { sql, values } = tagCountSql(kind, tag, RARE_MAX + 1)
    if (Number((await connection.first(sql, values))?.['count']) <= RARE_MAX) return tag
  }
  return undefined
}

/** Tags and policies are the document's own lists, node groups are taken out of it anew each time. */
function isRelatedElse(it: Columns, before: Columns): boolean {
  const sameGroups = it.nodeGroups.join() === before.nodeGroups.join()
  return it.tags !== before.tags || it.policies !== before.policies || !sameGroups
}

function columns<K extends Kind>(kind: K, document: Documents[K]): Columns {
  return columnsOf[kind](document)
}
