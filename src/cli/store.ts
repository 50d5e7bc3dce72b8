/** `emrys store`, `emrys store check`: what of a data directory is sound, file by file; and the decision that what is there counts. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { systemClock } from '../kernel/clock.ts'
import { DATABASE, lockDirectory, requireDatabase, requireKey } from '../store/data-directory.ts'
import { acceptLoss } from '../store/sqlite/acceptance.ts'
import { examine, type Finding } from '../store/sqlite/soundness.ts'
import { openWorld } from '../substrate/simulation/world.ts'
import { CommandProblem } from './problem.ts'
import { loadWith } from './serve.ts'
import { storeCopyCommand } from './store-copy.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples, while no server is running:
  emrys store check                                 of ~/.local/share/emrys
  emrys store check --data-dir ./data               the exit code is 1 when something is not sound
  emrys store check --data-dir ./data --accept-loss the server begins with what is there

A backup loses nothing that it holds: \`emrys restore\` comes before --accept-loss.`

const CONSEQUENCES = `
What was accepted:
  - what was acknowledged later, or lay in what is damaged, is forgotten: clusters, orders, accounts, keys, tokens, audit entries;
  - a request that is repeated under a forgotten token is done a second time, and ids may be given out again;
  - engines of forgotten instances continue under local/ in the data directory; end them and remove their directories by hand.`

export function dataDirOption(): Option {
  return new Option('--data-dir <directory>', 'the data directory').env('EMRYS_DATA_DIR')
}

export interface DataDirOptions {
  readonly dataDir?: string
  readonly config?: string
}

/** The data directory that a server with these options would use. */
export function dataDirOf({ dataDir, config }: DataDirOptions): string {
  return loadWith({ 'data-dir': dataDir, config }).config.dataDir
}

export function storeCommand(out: Terminal): Command {
  const check = new Command('check')
    .description(
      'Says of each file of a data directory whether it is sound. No server may be using it.',
    )
    .addOption(dataDirOption())
    .addOption(new Option('--config <file>', 'settings in YAML or JSON').env('EMRYS_CONFIG'))
    .option('--accept-loss', 'let the server begin with what is there; prints what that means')
    .addHelpText('after', EXAMPLES)
    .action((options: DataDirOptions & { readonly acceptLoss?: true }) =>
      checkStore(dataDirOf(options), { accept: options.acceptLoss === true, out }),
    )
  return new Command('store')
    .summary('check a data directory, or move it into a database')
    .addCommand(check)
    .addCommand(storeCopyCommand(out))
}

interface CheckOptions {
  readonly accept: boolean
  readonly out: Terminal
}

function checkStore(dataDir: string, { accept, out }: CheckOptions): void {
  if (!existsSync(dataDir)) throw new CommandProblem(`there is no data directory ${dataDir}`)
  const lock = lockDirectory(dataDir)
  try {
    const file = join(dataDir, DATABASE)
    const gone = finding(file, '', () => requireDatabase(dataDir))
    const findings = gone.ok ? examine(file).findings : [gone]
    const others = [keyFinding(dataDir), worldFinding(dataDir)].filter((each) => each !== undefined)
    for (const { ok, file: of, says } of [...findings, ...others])
      out.line(`${ok ? out.paint('green', 'sound') : out.paint('red', 'WRONG')}  ${of}  ${says}`)
    if (accept)
      return accepted(
        dataDir,
        findings.every(({ ok }) => ok),
        out,
      )
    if ([...findings, ...others].every(({ ok }) => ok)) return
    process.exitCode = 1
    out.line(
      'Put back the files as they were, or restore a backup into an empty directory with `emrys restore`. Without either, `emrys store check --accept-loss` lets the server begin with the database that is there.',
    )
  } finally {
    lock.release()
  }
}

function accepted(dataDir: string, isSound: boolean, out: Terminal): void {
  if (isSound) return out.line('The database is complete: there is no loss to accept.')
  const now = new Date(systemClock().wall()).toISOString().replaceAll(/[:.]/g, '-')
  const aside = join(dataDir, `set-aside-${now}`)
  const commit = acceptLoss(join(dataDir, DATABASE), aside)
  out.line(CONSEQUENCES)
  out.line(
    commit === 0
      ? `Nothing could be read: the server begins with an empty database. The files as they were lie in ${aside}.`
      : `The server begins with commit ${commit}. The files as they were lie in ${aside}.`,
  )
}

function keyFinding(dataDir: string): Finding | undefined {
  const file = join(dataDir, 'key')
  return finding(file, 'opens what was sealed with it', () => requireKey(dataDir))
}

function worldFinding(dataDir: string): Finding | undefined {
  const file = join(dataDir, 'simulation.db')
  if (!existsSync(file)) return undefined
  return finding(file, 'what is simulated', () => openWorld(file).close())
}

function finding(file: string, says: string, check: () => void): Finding {
  try {
    check()
    return { file, ok: true, says }
  } catch (problem) {
    return { file, ok: false, says: (problem as Error).message }
  }
}
