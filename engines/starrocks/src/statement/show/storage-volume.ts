/** SHOW STORAGE VOLUMES and DESC STORAGE VOLUME. */
import type { StatementContext } from '../../execution/statement-context.ts'
import { storageVolume, volumeNamed } from '../../execution/storage-volume.ts'
import { text, virtualColumns } from '../../information/virtual-table.ts'
import type { VirtualTable } from '../../information/virtual-table.ts'

export function storageVolumes({ engine }: StatementContext): VirtualTable {
  const found = storageVolume(engine)
  return {
    database: '',
    name: 'storage volumes',
    columns: virtualColumns({ 'Storage Volume': text }),
    rows: found ? [[found.name]] : [],
  }
}

export function describeVolume(
  { engine }: StatementContext,
  statement: { readonly name: string },
): VirtualTable {
  const { name, type, location, params, comment } = volumeNamed(engine, statement.name)
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
    rows: [[name, type, 'true', location, JSON.stringify(params), 'true', comment]],
  }
}
