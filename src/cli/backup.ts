/** `emrys backup` and `emrys restore`. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { BackupAnswer } from '../admin/backup.ts'
import { systemClock } from '../kernel/clock.ts'
import { checkBackup, KEYS, restoreBackup, type Manifest } from '../store/backup.ts'
import { DATABASE, openDataDirectory } from '../store/data-directory.ts'
import { openSqliteStore } from '../store/sqlite/store.ts'
import { adminClient, withServer, type ServerOptions } from './admin-client.ts'
import { CommandProblem } from './problem.ts'
import { dataDirOf, dataDirOption, type DataDirOptions } from './store.ts'
import type { Terminal } from './terminal.ts'

const BACKUP_EXAMPLES = `
Examples:
  emrys backup /backup/today                          of the running server, which continues meanwhile
  emrys backup /backup/today --data-dir ./data        of a data directory that no server is using
  emrys backup /backup/today --data-dir ./data --engines
                                                      with the data of its engines, which must have ended

keys/ in it opens every secret of the rest: keep it apart from it.`

const RESTORE_EXAMPLES = `
Examples:
  emrys restore /backup/today --data-dir ./data
  emrys restore /backup/today --data-dir ./data --keys /safe/keys
  emrys restore /backup/today --check                 only whether the backup is whole`

interface BackupOptions extends ServerOptions, DataDirOptions {
  readonly engines?: true
}

export function backupCommand(out: Terminal): Command {
  return withServer(new Command('backup'))
    .summary('copy everything into a directory')
    .description('Copies everything that the server keeps into an empty or a new directory.')
    .argument('<directory>', 'where the backup goes, on the machine of the server')
    .addOption(new Option('--data-dir <directory>', 'a data directory that no server is using'))
    .option(
      '--engines',
      'with the data of instances on this machine, whose engines must have ended',
    )
    .addHelpText('after', BACKUP_EXAMPLES)
    .action(async (directory: string, options: BackupOptions) => {
      const target = resolve(directory)
      const engines = options.engines === true
      const made =
        options.dataDir === undefined
          ? ((await adminClient(options).send('POST', 'backup', {
              directory: target,
              engines,
            })) as BackupAnswer)
          : await backUpResting(options.dataDir, { target, engines })
      const { instances, without } = made
      out.line(`the backup is in ${target}`)
      if (instances.length > 0) out.line(`with the data of ${instances.join(', ')}`)
      tellWithout(without, out)
      out.line(
        `${join(target, KEYS)} opens every secret in it: move it to another safe place, and pass it to \`emrys restore\` with --keys`,
      )
    })
}

/** Of a directory whose server has stopped, which is checked as at a start. */
async function backUpResting(
  dataDir: string,
  request: { readonly target: string; readonly engines: boolean },
): Promise<Manifest> {
  if (!existsSync(join(dataDir, DATABASE)))
    throw new CommandProblem(`${dataDir} is no data directory of emrys`)
  const { backUp } = await import('../server/backup.ts')
  const directory = openDataDirectory(dataDir)
  try {
    const store = openSqliteStore(directory.file(DATABASE))
    try {
      return await backUp({ dataDir, store, clock: systemClock() }, request)
    } finally {
      await store.close()
    }
  } finally {
    directory.release()
  }
}

interface RestoreOptions extends DataDirOptions {
  readonly keys?: string
  readonly check?: true
}

export function restoreCommand(out: Terminal): Command {
  return new Command('restore')
    .summary('put a backup into an empty data directory')
    .description(
      'Checks a backup and puts it into an empty or a new data directory. No server may be using it.',
    )
    .argument('<directory>', 'where the backup lies')
    .addOption(dataDirOption())
    .option('--keys <directory>', "where the backup's keys lie, if no longer in it")
    .option('--check', 'only check the backup')
    .addHelpText('after', RESTORE_EXAMPLES)
    .action(async (from: string, options: RestoreOptions) => {
      const keys = options.keys ?? join(from, KEYS)
      if (options.check) {
        const { files, made } = await checkBackup(from, keys)
        return out.line(`the backup of ${made} is whole: ${files.length} files`)
      }
      const dataDir = dataDirOf(options)
      const { made, without } = await restoreBackup({ from, keys, dataDir })
      out.line(
        `the backup of ${made} is in ${dataDir}; start with \`emrys serve --data-dir ${dataDir}\``,
      )
      tellWithout(without, out)
    })
}

function tellWithout(without: readonly string[], out: Terminal): void {
  if (without.length > 0)
    out.line(`without the data of the engines of ${without.join(', ')}: restored, they begin empty`)
}
