/** `emrys token`: assumes a role, which gives a key for a while. */
import { Command } from 'commander'
import type { MadeToken, TokenRow } from '../../admin/identity/token.ts'
import { adminClient } from '../admin-client.ts'
import { durationMs } from '../duration.ts'
import { printFacts } from '../output.ts'
import {
  accountScopedCommand,
  accountFilterCommand,
  change,
  listing,
  readRows,
  serverCommand,
  type AccountOptions,
} from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

const EXAMPLES = `
Examples (EMRYS_ACCOUNT can stand for --account):
  emrys token add reader --account 1000000000000001 --session tonight --for 15m
  emrys token add reader --account 1000000000000001 --session tonight --by-user alice
  emrys token add EMR_QCSRole --account 100000000001 --session svc --by-service emr.cloud.tencent.com
  emrys token remove STS.abc...`

interface AddOptions extends AccountOptions {
  readonly session: string
  readonly for?: string
  readonly byAccount?: string
  readonly byUser?: string
  readonly byService?: string
}

export function tokenCommand(out: Terminal): Command {
  const remove = serverCommand('remove').description('end a session at once')
  return new Command('token')
    .summary('manage temporary keys')
    .description('Assumes roles: creates, lists and ends their sessions.')
    .addHelpText('afterAll', EXAMPLES)
    .addCommand(addCommand(out))
    .addCommand(listCommand(out))
    .addCommand(
      change(remove.argument('<id>', "the temporary key's id"), out, {
        among: {
          nouns: 'temporary keys',
          list: 'emrys token list',
          ids: async (client) =>
            (await readRows<TokenRow>(client, 'tokens', {})).map(({ id, role, session }) => ({
              id,
              label: `${role} ${session}`,
            })),
        },
        page: () => 'tokens/remove',
        body: (id) => ({ id }),
        result: (id) => `session ${id}: ended`,
      }),
    )
}

function addCommand(out: Terminal): Command {
  return accountScopedCommand('add')
    .description('assume a role; prints key, secret and token, this once')
    .argument('<role>')
    .requiredOption('--session <name>', 'the name of the session')
    .option('--for <duration>', 'how long, for example 15m or 2h')
    .option('--by-account <number>', 'who assumes it: another account')
    .option('--by-user <name>', 'who assumes it: a user, who needs the permission')
    .option('--by-service <name>', 'who assumes it: a service of the cloud')
    .action(async (role: string, options: AddOptions) => {
      const { account, session, byAccount, byUser, byService, json } = options
      const seconds = options.for === undefined ? undefined : durationMs(options.for) / 1000
      const members = { account, role, session, seconds, byAccount, byUser, byService }
      const value = (await adminClient(options).send('POST', 'tokens', members)) as MadeToken
      const { id, secret, token, expires } = value
      printFacts(out, { 'key id': id, secret, token, expires }, { value, json })
    })
}

function listCommand(out: Terminal): Command {
  const command = accountFilterCommand('list').description(
    'list role sessions; never their secrets',
  )
  return listing<TokenRow>(command, out, {
    page: 'tokens',
    filters: ['account'],
    none: 'no sessions',
    columns: [
      { title: 'ACCOUNT', text: (row) => row.account, whole: true },
      { title: 'ROLE', text: (row) => row.role, whole: true },
      { title: 'SESSION', text: (row) => row.session, whole: true },
      { title: 'EXPIRES', text: (row) => row.expires },
      { title: 'KEY ID', text: (row) => row.id, whole: true },
    ],
  })
}
