/** `emrys key`: what clients sign with. */
import { Command } from 'commander'
import type { KeyRow, MadeKey } from '../../admin/identity/key.ts'
import { adminClient } from '../admin-client.ts'
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
  emrys key add --account 1000000000000001 --user alice   prints the secret, this once
  emrys key add --account 1000000000000001                a key of the account itself, which may do everything
  emrys key disable LTAI5t...                             it is refused from now on
  emrys key list --account 1000000000000001`

export function keyCommand(out: Terminal): Command {
  const command = new Command('key')
    .summary('manage access keys')
    .description('Creates, lists, disables and removes access keys.')
    .addHelpText('afterAll', EXAMPLES)
    .addCommand(addCommand(out))
    .addCommand(listCommand(out))
  for (const verb of ['remove', 'enable', 'disable'] as const)
    command.addCommand(
      change(serverCommand(verb).description(`${verb} a key`).argument('<id>'), out, {
        among: {
          nouns: 'keys',
          list: 'emrys key list',
          ids: async (client) =>
            (await readRows<KeyRow>(client, 'keys', {})).map(({ id, account, user }) => ({
              id,
              label: `${account} ${user ?? '(root)'}`,
            })),
        },
        page: () => `keys/${verb}`,
        body: (id) => ({ id }),
        result: (id) => `key ${id}: ${verb}d`,
      }),
    )
  return command
}

function addCommand(out: Terminal): Command {
  return accountScopedCommand('add')
    .description('create a key and print its secret, this once')
    .option('--user <name>', 'whose key; by default, of the account itself')
    .action(async (options: AccountOptions & { readonly user?: string }) => {
      const { account, user, json } = options
      const value = (await adminClient(options).send('POST', 'keys', { account, user })) as MadeKey
      printFacts(out, { 'key id': value.id, secret: value.secret }, { value, json })
    })
}

function listCommand(out: Terminal): Command {
  const command = accountFilterCommand('list')
    .description('list keys; never their secrets')
    .option('--user <name>', 'only those of one user of the account')
  return listing<KeyRow>(command, out, {
    page: 'keys',
    filters: ['account', 'user'],
    none: 'no keys',
    columns: [
      { title: 'KEY ID', text: (row) => row.id, whole: true },
      { title: 'ACCOUNT', text: (row) => row.account, whole: true },
      { title: 'USER', text: (row) => row.user ?? '(root)', whole: true },
      { title: 'STATUS', text: (row) => row.status },
      { title: 'CREATED', text: (row) => row.created },
    ],
  })
}
