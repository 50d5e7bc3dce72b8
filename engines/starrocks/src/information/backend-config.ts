/** information_schema.be_configs: the items of the back end with the values in force, which all nodes share. */
import { demand, systemTarget } from '../catalog/authority.ts'
import { itemsOn, settingOf } from '../execution/configuration-item.ts'
import type { StatementContext } from '../execution/statement-context.ts'
import { long, text, virtualColumns } from './virtual-table.ts'
import type { Cell, VirtualTable } from './virtual-table.ts'

/** As SHOW BACKENDS and SHOW COMPUTE NODES number them. */
const FIRST_ID = 10_001

export function backendConfig({ engine, state }: StatementContext): VirtualTable {
  demand(engine.store.current, state.authority, ['OPERATE'], systemTarget)
  const { nodes, settings } = engine.identity
  const rows = nodes
    .filter(({ role }) => role === 'be' || role === 'cn')
    .flatMap((_, index) =>
      itemsOn('backend').map(({ name, type, default: standard, mutable }): Cell[] => [
        FIRST_ID + index,
        name,
        settingOf(settings, 'backend', name),
        typeWord(type),
        standard,
        mutable,
      ]),
    )
  return {
    database: 'information_schema',
    name: 'be_configs',
    columns: virtualColumns({
      BE_ID: long,
      NAME: text,
      VALUE: text,
      TYPE: text,
      DEFAULT: text,
      MUTABLE: { kind: 'boolean' },
    }),
    rows,
  }
}

/** The back end is written in another language than the front end. */
function typeWord(type: string): string {
  if (type === 'boolean') return 'bool'
  if (type === 'int') return 'int32_t'
  return type === 'long' ? 'int64_t' : type
}
