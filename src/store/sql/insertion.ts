/**
 * Documents that units of work insert, written down together: what belongs to one request is one statement, and where units are not marked
 * (write-queue.ts) what belongs to all of them. They are written before anything is asked of documents of their kind.
 */
import type { Columns, Documents, Kind } from '../document.ts'
import { Conflict } from '../port.ts'
import { forRows, portionsOf, statements } from '../statement.ts'
import { answers, type SqlConnection, type Value } from './connection.ts'
import type { WriteObserver } from './write-observer.ts'

export interface Insertion {
  readonly kind: Kind
  readonly columns: Columns
  readonly createdMs: number
  readonly document: Documents[Kind]
  readonly body: string
}

export interface InsertionBuffer {
  add(it: Insertion): void
  /** Writes down what waits; with a kind, or with an id of that kind too, nothing unless that waits. Throws Conflict when an id is taken. */
  flush(kind?: Kind, id?: string): Promise<void>
  /** What was added up to now is kept when what follows is undone. */
  mark(): void
  /** What was added since the mark is undone. */
  undo(): void
  /** Whether an id was taken of a document that waited before the mark: what came since is not to blame. */
  isUnclear(): boolean
  /** Nothing waits any more. */
  clear(): void
}

export function insertionBuffer(
  connection: SqlConnection,
  observer?: WriteObserver,
): InsertionBuffer {
  let waiting: Insertion[] = []
  let marked = 0
  let unclear = false
  const write = async (some: readonly Insertion[]) => {
    const rows = some.map(rowOf)
    const written = await connection.all(forRows(statements.insert, rows), rows.flat())
    const seqs = new Map(written.map(({ kind, id, seq }) => [keyOf(kind, id), Number(seq)]))
    const related = some.map(({ kind, columns, document }) => {
      const seq = seqs.get(keyOf(kind, columns.id))
      // Of two in one statement that have the same id, one has no row.
      seqs.delete(keyOf(kind, columns.id))
      if (seq === undefined) throw new Conflict(`${kind} ${columns.id} exists`)
      observer?.wrote(kind, columns.id, { seq, revision: 1, document })
      return { kind, seq, it: columns }
    })
    await answers(related.flatMap((each) => addRelated(connection, each)))
  }
  return {
    add: (it) => void waiting.push(it),
    async flush(kind, id) {
      if (kind !== undefined && !waiting.some((each) => isMeant(each, kind, id))) return
      const all = waiting
      unclear = marked > 0
      waiting = []
      marked = 0
      for (const some of portionsOf(all)) await write(some)
      unclear = false
    },
    mark() {
      marked = waiting.length
    },
    undo() {
      waiting = waiting.slice(0, marked)
    },
    isUnclear: () => unclear,
    clear() {
      waiting = []
      marked = 0
      unclear = false
    },
  }
}

/** What a document is found by beside its columns. */
export function addRelated(
  connection: SqlConnection,
  { kind, seq, it }: { readonly kind: Kind; readonly seq: number; readonly it: Columns },
) {
  const { id, account, tags, policies, nodeGroups } = it
  return [
    ...tags.map(({ key, value }) =>
      connection.run(statements.addTag, [kind, id, key, value, account, seq]),
    ),
    ...policies.map((policy) => connection.run(statements.addAttachment, [kind, id, policy])),
    ...nodeGroups.map((group) => connection.run(statements.addNodeGroup, [group, kind, id])),
  ]
}

function isMeant(it: Insertion, kind: Kind, id: string | undefined): boolean {
  return it.kind === kind && (id === undefined || it.columns.id === id)
}

function keyOf(kind: unknown, id: unknown): string {
  return `${String(kind)}/${String(id)}`
}

/** The first revision of a document. */
function rowOf({ kind, columns: it, createdMs, body }: Insertion): readonly Value[] {
  const { account, region, product, id, name, state, parent, handle } = it
  const { resourceGroup, verb, subject, trace, dialect, roleKind, resourceKind, origin, home } = it
  const place = [kind, account, region, product, id, name, state, parent, handle]
  const filed = [resourceGroup, verb, subject, trace, dialect, roleKind, resourceKind]
  return [...place, ...filed, origin, home, 1, createdMs, body]
}
