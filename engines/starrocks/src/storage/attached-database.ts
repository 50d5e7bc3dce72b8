/** Databases beside the instance's own: of the same process, for all connections, and shipped as that is. */
import { basename } from 'node:path'
import { quoted } from '../sql/quote.ts'
import { bytesOnDisk, checkpointsOf } from './checkpoint.ts'
import type { Checkpoints } from './checkpoint.ts'
import type { DatabaseFile } from './database-file.ts'
import { sqlErrorOf } from './duck-error.ts'
import type { NameMap } from './duck-error.ts'
import type { Link } from './link.ts'

export interface AttachedDatabase extends Checkpoints {
  detach(): Promise<void>
}

interface Attachments {
  attach(path: string): Promise<AttachedDatabase>
  /** On disk, of all. */
  bytes(): number
}

export function attachments(instance: DatabaseFile, control: Link, hide: NameMap): Attachments {
  const paths = new Set<string>()
  return {
    bytes: () =>
      [...paths].reduce((sum, path) => sum + bytesOnDisk(path) + bytesOnDisk(`${path}.wal`), 0),
    async attach(path) {
      await instance.attach(path).catch((error: unknown) => {
        throw sqlErrorOf(error, hide)
      })
      paths.add(path)
      const database = basename(path, '.duckdb')
      return {
        ...checkpointsOf(control, { path, isShipped: true, database }),
        async detach() {
          await control.run(`DETACH ${quoted(database)}`)
          paths.delete(path)
        },
      }
    },
  }
}
