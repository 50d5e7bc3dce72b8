/** `emrys key`: what clients sign with. */
import { Command } from 'commander'
import type { KeyRow, MadeKey } from '../../admin/identity/key.ts'
import { adminClient } from '../admin-client.ts'
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
  emrys key add --account 1000000000000001 --user alice   tells the secret, this once
  emrys key add --account 1000000000000001                a key of the account itself, which may do everything
  emrys key disable LTAI5t...                             it is refused from now on
  emrys key list --account 1000000000000001`

export function keyCommand(out: Terminal): Command {
  const command = new Command('key')
    .summary('what clients sign with')
    .description('Makes, lists, disables and removes access keys.')
    .addHelpText('after', EXAMPLES)
    .addCommand(addCommand(out))
    .addCommand(listCommand(out))
  for (const verb of ['remove', 'enable', 'disable'] as const)
    command.addCommand(changeCommand(out, verb))
  return command
}

function addCommand(out: Terminal): Command {
  return asksAccount(new Command('add'))
    .description('make a key and tell its secret, this once')
    .option('--user <name>', 'whose key; without one, of the account itself')
    .action(async (options: InAccount & { readonly user?: string }) => {
      const { account, user } = options
      const made = (await adminClient(options).send('POST', 'keys', { account, user })) as MadeKey
      const facts = { 'key id': made.id, secret: made.secret }
      showFacts(out, facts, { value: made, json: options.json })
    })
}

function listCommand(out: Terminal): Command {
  return asksAnyAccount(new Command('list'))
    .description('list keys; never their secrets')
    .option('--user <name>', 'only those of one user of the account')
    .action(async (options: Shown & { readonly account?: string; readonly user?: string }) => {
      const { account, user } = options
      show(out, await rowsOf<KeyRow>(adminClient(options), 'keys', { account, user }), {
        json: options.json,
        none: 'no keys',
        columns: [
          { title: 'KEY ID', text: (row) => row.id },
          { title: 'ACCOUNT', text: (row) => row.account },
          { title: 'USER', text: (row) => row.user ?? '(root)' },
          { title: 'STATUS', text: (row) => row.status },
          { title: 'CREATED', text: (row) => row.created },
        ],
      })
    })
}

function changeCommand(out: Terminal, verb: 'remove' | 'enable' | 'disable'): Command {
  return asks(new Command(verb))
    .description(`${verb} a key`)
    .argument('<id>')
    .action(async (id: string, options: Shown) => {
      const value = await adminClient(options).send('POST', `keys/${verb}`, { id })
      tell(out, `key ${id}: ${verb}d`, { value, json: options.json })
    })
}
