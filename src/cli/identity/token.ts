/** `emrys token`: assumes a role, which gives a key for a while. */
import { Command } from 'commander'
import type { MadeToken, TokenRow } from '../../admin/identity/token.ts'
import { adminClient } from '../admin-client.ts'
import { durationMs } from '../duration.ts'
import type { Terminal } from '../terminal.ts'
import {
  asks,
  asksAccount,
  asksAnyAccount,
  rowsOf,
  show,
  showFacts,
  tell,
  type InAccount,
  type Shown,
} from './listing.ts'

const EXAMPLES = `
Examples (EMRYS_ACCOUNT can stand for --account):
  emrys token add reader --account 1000000000000001 --session tonight --for 15m
  emrys token add reader --account 1000000000000001 --session tonight --by-user alice
  emrys token add EMR_QCSRole --account 100000000001 --session svc --by-service emr.cloud.tencent.com
  emrys token remove STS.abc...`

interface AddOptions extends InAccount {
  readonly session: string
  readonly for?: string
  readonly byAccount?: string
  readonly byUser?: string
  readonly byService?: string
}

export function tokenCommand(out: Terminal): Command {
  return new Command('token')
    .summary('keys for a while')
    .description('Assumes roles: makes, lists and ends their sessions.')
    .addHelpText('after', EXAMPLES)
    .addCommand(addCommand(out))
    .addCommand(listCommand(out))
    .addCommand(removeCommand(out))
}

function addCommand(out: Terminal): Command {
  return asksAccount(new Command('add'))
    .description('assume a role; key, secret and token are told this once')
    .argument('<role>')
    .requiredOption('--session <name>', 'what the session is called')
    .option('--for <span>', 'how long, for example 15m or 2h')
    .option('--by-account <number>', 'who assumes it: another account')
    .option('--by-user <name>', 'who assumes it: a user, who needs the permission')
    .option('--by-service <name>', 'who assumes it: a service of the cloud')
    .action(async (role: string, options: AddOptions) => {
      const { account, session, byAccount, byUser, byService } = options
      const seconds = options.for === undefined ? undefined : durationMs(options.for) / 1000
      const members = { account, role, session, seconds, byAccount, byUser, byService }
      const made = (await adminClient(options).send('POST', 'tokens', members)) as MadeToken
      const { id, secret, token, expires } = made
      const facts = { 'key id': id, secret, token, expires }
      showFacts(out, facts, { value: made, json: options.json })
    })
}

function listCommand(out: Terminal): Command {
  return asksAnyAccount(new Command('list'))
    .description('list role sessions; never their secrets')
    .action(async (options: Shown & { readonly account?: string }) => {
      const { account } = options
      show(out, await rowsOf<TokenRow>(adminClient(options), 'tokens', { account }), {
        json: options.json,
        none: 'no sessions',
        columns: [
          { title: 'ACCOUNT', text: (row) => row.account },
          { title: 'ROLE', text: (row) => row.role },
          { title: 'SESSION', text: (row) => row.session },
          { title: 'EXPIRES', text: (row) => row.expires },
          { title: 'KEY ID', text: (row) => row.id },
        ],
      })
    })
}

function removeCommand(out: Terminal): Command {
  return asks(new Command('remove'))
    .description('end a session at once')
    .argument('<id>', "the temporary key's id")
    .action(async (id: string, options: Shown) => {
      const value = await adminClient(options).send('POST', 'tokens/remove', { id })
      tell(out, `session ${id}: ended`, { value, json: options.json })
    })
}
