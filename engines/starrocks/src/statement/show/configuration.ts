/** ADMIN SHOW FRONTEND CONFIG: the items of the front end with the values in force. */
import { demand, systemTarget } from '../../catalog/authority.ts'
import { itemsOn, settingOf } from '../../execution/configuration-item.ts'
import { isSharedData } from '../../execution/storage-volume.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { Cell, VirtualTable } from '../../information/virtual-table.ts'
import { likeMatcher } from '../../like-pattern.ts'

export function frontendConfig(
  { engine, state }: Pick<StatementContext, 'engine' | 'state'>,
  like: string | undefined,
): VirtualTable {
  demand(engine.store.current, state.authority, ['OPERATE'], systemTarget)
  const { settings } = engine.identity
  const isShown = like === undefined ? () => true : likeMatcher(like, false)
  const runMode = isSharedData(engine.identity) ? 'shared_data' : 'shared_nothing'
  const rows = itemsOn('frontend')
    .filter(({ name }) => isShown(name))
    .map(({ name, type, mutable }): Cell[] => {
      const value = name === 'run_mode' ? runMode : settingOf(settings, 'frontend', name)
      return [name, '[]', value, type === 'string' ? 'String' : type, String(mutable), '']
    })
  return {
    database: '',
    name: 'config',
    columns: virtualColumns({
      Key: text,
      AliasNames: text,
      Value: text,
      Type: text,
      IsMutable: text,
      Comment: text,
    }),
    rows,
  }
}
