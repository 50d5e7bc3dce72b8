/** `emrys store copy`: when one machine is not enough any more, or is again. */
import { Command, Option } from 'commander'
import { postgresAddress, type PostgresAddress } from '../store/postgres/address.ts'
import { CommandProblem } from './problem.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples, while no server is running:
  emrys store copy --from ./data --to postgres://emrys@db/emrys?sslmode=disable
                                   into an empty database; then \`emrys serve --store postgres://… --data-dir ./data\`
  emrys store copy --from postgres://emrys@db/emrys?sslmode=disable --to ./data
                                   back, into the data directory of one of its servers, which has the key

What was copied stays where it was. Every row is compared with the one that it was made from.`

interface CopyOptions {
  readonly from: string
  readonly to: string
  readonly storePasswordFile: string
}

export function storeCopyCommand(out: Terminal): Command {
  return new Command('copy')
    .summary('move a data directory into a PostgreSQL database, or back')
    .description(
      'Copies everything that is remembered between a data directory and a PostgreSQL database, and compares it row by row.',
    )
    .requiredOption('--from <place>', 'a data directory, or the address of a database')
    .requiredOption('--to <place>', 'the other one of the two')
    .addOption(
      new Option('--store-password-file <file>', "file with the database's password")
        .env('EMRYS_STORE_PASSWORD_FILE')
        .default(''),
    )
    .addHelpText('after', EXAMPLES)
    .action(async ({ from, to, storePasswordFile }: CopyOptions) => {
      const [source, target] = [placeOf(from), placeOf(to)]
      const config = { storePasswordFile }
      const { copyFromDatabase, copyToDatabase } = await import('../server/store-copy.ts')
      const copied =
        typeof source === 'string' && typeof target !== 'string'
          ? await copyToDatabase({ dataDir: source, address: target, config })
          : typeof source !== 'string' && typeof target === 'string'
            ? await copyFromDatabase({ dataDir: target, address: source, config })
            : undefined
      if (!copied)
        throw new CommandProblem('one of --from and --to is a data directory, the other a database')
      for (const { table, rows } of copied) out.line(`${String(rows).padStart(9)}  ${table}`)
      out.line('Every row is as it was.')
    })
}

function placeOf(text: string): string | PostgresAddress {
  return /^postgres(ql)?:/.test(text) ? postgresAddress(text) : text
}
