/** Names that objects may have. */
import { SqlError } from '../../session.ts'

/** StarRocks names tables and columns more freely: also `_` first, other letters, up to 1024 characters. */
export function checkName(name: string, what: 'table' | 'view' | 'column'): void {
  const fits = name.length > 0 && name.length <= 1024 && !/[\s\0$`]/u.test(name)
  if (!fits) throw new SqlError(`Incorrect ${what} name '${name}'`, 1104, '42000')
}
