/** `emrys user`: who may do what their policies say, and nothing else. */
import { Command } from 'commander'
import type { UserRow } from '../../admin/identity/user.ts'
import { adminClient } from '../admin-client.ts'
import type { Terminal } from '../terminal.ts'
import { attachmentCommand } from './attachment.ts'
import {
  asksAccount,
  asksAnyAccount,
  rowsOf,
  show,
  tell,
  type InAccount,
  type Shown,
} from './listing.ts'

const EXAMPLES = `
Examples (EMRYS_ACCOUNT can stand for --account):
  emrys user add alice --account 1000000000000001
  emrys user attach alice AliyunEMRStarRocksReadOnlyAccess --account 1000000000000001
  emrys user disable alice --account 1000000000000001
  emrys user list`

export function userCommand(out: Terminal): Command {
  return new Command('user')
    .summary('who may use an account')
    .description("Makes, lists, disables and removes an account's users, and attaches policies.")
    .addHelpText('after', EXAMPLES)
    .addCommand(changeCommand(out, 'add', 'make a user, who may do nothing yet'))
    .addCommand(listCommand(out))
    .addCommand(changeCommand(out, 'remove', 'remove a user with its keys'))
    .addCommand(changeCommand(out, 'enable', 'enable a user'))
    .addCommand(changeCommand(out, 'disable', 'disable a user with its keys'))
    .addCommand(attachmentCommand(out, { kind: 'user', verb: 'attach' }))
    .addCommand(attachmentCommand(out, { kind: 'user', verb: 'detach' }))
}

function listCommand(out: Terminal): Command {
  return asksAnyAccount(new Command('list'))
    .description('list users')
    .action(async (options: Shown & { readonly account?: string }) => {
      const { account } = options
      show(out, await rowsOf<UserRow>(adminClient(options), 'users', { account }), {
        json: options.json,
        none: 'no users',
        columns: [
          { title: 'ACCOUNT', text: (row) => row.account },
          { title: 'NAME', text: (row) => row.name },
          { title: 'ID', text: (row) => row.id },
          { title: 'STATUS', text: (row) => row.status },
          { title: 'POLICIES', text: (row) => row.policies.join(' ') },
        ],
      })
    })
}

const DONE = { add: 'made', remove: 'removed', enable: 'enabled', disable: 'disabled' } as const

function changeCommand(out: Terminal, verb: keyof typeof DONE, description: string): Command {
  return asksAccount(new Command(verb))
    .description(description)
    .argument('<name>')
    .action(async (name: string, options: InAccount) => {
      const page = verb === 'add' ? 'users' : `users/${verb}`
      const { account } = options
      const value = await adminClient(options).send('POST', page, { account, name })
      tell(out, `user ${name}: ${DONE[verb]}`, { value, json: options.json })
    })
}
