/** Every family of statements, in the order of the documents. */
import { administration } from './administration.ts'
import { data } from './data.ts'
import { definition } from './definition.ts'
import type { Family } from './family.ts'
import { file } from './file.ts'
import { query } from './query.ts'
import { session } from './session.ts'

export const families: readonly Family[] = [
  ...definition,
  ...data,
  ...file,
  ...query,
  ...session,
  ...administration,
]
