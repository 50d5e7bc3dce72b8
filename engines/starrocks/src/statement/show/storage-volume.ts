/** SHOW STORAGE VOLUMES and DESC STORAGE VOLUME: those on which one has any privilege, without the keys. */
import { denied, seesVolume } from '../../catalog/authority.ts'
import type { StatementContext } from '../../execution/statement-context.ts'
import { storageVolumes, volumeNamed } from '../../execution/storage-volume.ts'
import { masked } from '../../execution/volume-property.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { VirtualTable } from '../../information/virtual-table.ts'

export function listVolumes({ engine, state }: StatementContext): VirtualTable {
  const { current } = engine.store
  return {
    database: '',
    name: 'storage volumes',
    columns: virtualColumns({ 'Storage Volume': text }),
    rows: storageVolumes(engine)
      .filter((volume) => seesVolume(current, state.authority, volume))
      .map(({ name }) => [name]),
  }
}

export function describeVolume(
  { engine, state }: StatementContext,
  statement: { readonly name: string },
): VirtualTable {
  const volume = volumeNamed(engine, statement.name)
  const { current } = engine.store
  const { name, type, location, params, comment, enabled, isDefault } = volume
  if (!seesVolume(current, state.authority, volume))
    throw denied(current, state.authority, ['ANY'], `STORAGE VOLUME ${name}`)
  const shown = JSON.stringify(masked(params))
  return {
    database: '',
    name: 'storage volume',
    columns: virtualColumns({
      Name: text,
      Type: text,
      IsDefault: text,
      Location: text,
      Params: text,
      Enabled: text,
      Comment: text,
    }),
    rows: [[name, type, String(isDefault), location, shown, String(enabled), comment]],
  }
}
