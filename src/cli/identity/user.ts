/** `emrys user`: who may do what their policies say, and nothing else. */
import { Command } from 'commander'
import type { UserRow } from '../../admin/identity/user.ts'
import {
  accountScopedCommand,
  accountFilterCommand,
  change,
  listing,
  nameInAccount,
} from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'
import { attachmentCommands } from './attachment.ts'

const EXAMPLES = `
Examples (EMRYS_ACCOUNT can stand for --account):
  emrys user add alice --account 1000000000000001
  emrys user attach alice AliyunEMRStarRocksReadOnlyAccess --account 1000000000000001
  emrys user disable alice --account 1000000000000001
  emrys user list`

export function userCommand(out: Terminal): Command {
  const command = new Command('user')
    .summary('manage users')
    .description("Creates, lists, disables and removes an account's users, and attaches policies.")
    .addHelpText('afterAll', EXAMPLES)
    .addCommand(changeCommand(out, 'add', 'create a user, without any permission'))
    .addCommand(listCommand(out))
    .addCommand(changeCommand(out, 'remove', 'remove a user with its keys'))
    .addCommand(changeCommand(out, 'enable', 'enable a user'))
    .addCommand(changeCommand(out, 'disable', 'disable a user with its keys'))
  for (const each of attachmentCommands(out, 'user')) command.addCommand(each)
  return command
}

function listCommand(out: Terminal): Command {
  return listing<UserRow>(accountFilterCommand('list').description('list users'), out, {
    page: 'users',
    filters: ['account'],
    none: 'no users',
    columns: [
      { title: 'ACCOUNT', text: (row) => row.account, whole: true },
      { title: 'NAME', text: (row) => row.name, whole: true },
      { title: 'ID', text: (row) => row.id, whole: true },
      { title: 'STATUS', text: (row) => row.status },
      { title: 'POLICIES', text: (row) => row.policies.join(' ') },
    ],
  })
}

const DONE = { add: 'created', remove: 'removed', enable: 'enabled', disable: 'disabled' } as const

function changeCommand(out: Terminal, verb: keyof typeof DONE, description: string): Command {
  return change(accountScopedCommand(verb).description(description).argument('<name>'), out, {
    page: () => (verb === 'add' ? 'users' : `users/${verb}`),
    body: nameInAccount,
    result: (name) => `user ${name}: ${DONE[verb]}`,
  })
}
