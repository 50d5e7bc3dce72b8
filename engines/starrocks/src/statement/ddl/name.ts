/** Names that objects may have. */
import { SqlError } from '../../session.ts'

/** StarRocks names tables and columns more freely: also `_` first, other letters, up to 1024 characters. */
export function checkName(name: string, what: 'table' | 'view' | 'column'): void {
  // A column of a text file is called $1; the engine's own ones begin with emrys$ (row-check.ts).
  const unfit = what === 'column' ? /[\s\0`]|^emrys\$/iu : /[\s\0$`]/u
  const fits = name.length > 0 && name.length <= 1024 && !unfit.test(name)
  if (!fits) throw new SqlError(`Incorrect ${what} name '${name}'`, 1104, '42000')
}
