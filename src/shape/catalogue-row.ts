/** What the rows of every dialect's catalogue have in common: where a fact comes from and how sure it is. */
import { Type } from './schema.ts'

/** No member that the schema does not name. */
export const closed = { additionalProperties: false }

/** `evidence`: D documented, S read from a client's source, O observed, I inferred or chosen by us, K general knowledge. */
export const row = {
  source: Type.String({ minLength: 3 }),
  evidence: Type.Union([
    Type.Literal('D'),
    Type.Literal('S'),
    Type.Literal('O'),
    Type.Literal('I'),
    Type.Literal('K'),
  ]),
  note: Type.Optional(Type.String({ minLength: 3 })),
}
