/**
 * How a stored body becomes a document again: the one place where documents of earlier versions are brought to today's form. A
 * decoder takes the body as it was written, whenever that was, and returns the document; it may be called any number of times.
 * What it changes is written back with the next save of the document. It must not change what `columnsOf` reads, which stands in
 * columns and in the tally: such a change needs a migration as well. Kinds without a decoder are taken as they stand.
 */
import type { Json } from '../kernel/json.ts'
import type { Documents, Kind } from './document.ts'

export type Decoders = { readonly [kind in Kind]?: (body: Json) => Documents[kind] }

export interface StoredBody<K extends Kind = Kind> {
  readonly kind: K
  readonly id: string
  readonly body: string
}

/** Throws an Error that names the document when it cannot be decoded. */
export function decodeDocument<K extends Kind>(
  decoders: Decoders,
  { kind, id, body }: StoredBody<K>,
): Documents[K] {
  const decoder: ((body: Json) => Documents[K]) | undefined = decoders[kind]
  try {
    const value = JSON.parse(body) as Json
    return decoder ? decoder(value) : (value as unknown as Documents[K])
  } catch (problem) {
    const reason = problem instanceof Error ? problem.message : String(problem)
    throw new Error(`the stored ${kind} ${id} cannot be read: ${reason}`, { cause: problem })
  }
}
