/** `emrys role`: what can be assumed for a while, by whom, and what it may do then. */
import { Command, Option } from 'commander'
import type { RoleRow } from '../../admin/identity/role.ts'
import {
  accountScopedCommand,
  accountFilterCommand,
  change,
  listing,
  nameInAccount,
  type AccountOptions,
} from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'
import { attachmentCommands } from './attachment.ts'
import { readText } from './document.ts'

const EXAMPLES = `
Examples (EMRYS_ACCOUNT can stand for --account):
  emrys role add reader --account 1000000000000001                     the account's users may assume it
  emrys role add guest --account 1000000000000001 --trust trust.json   whom the document names may
  emrys role attach reader AliyunEMRStarRocksReadOnlyAccess --account 1000000000000001
  emrys role remove EMR_QCSRole --account 100000000001                 see how a create request fails without it`

interface AddOptions extends AccountOptions {
  readonly kind: string
  readonly trust?: string
}

export function roleCommand(out: Terminal): Command {
  const remove = accountScopedCommand('remove').description('remove a role and end its sessions')
  const command = new Command('role')
    .summary('manage roles')
    .description("Creates, lists and removes an account's roles, and attaches policies.")
    .addHelpText('afterAll', EXAMPLES)
    .addCommand(addCommand(out))
    .addCommand(listCommand(out))
    .addCommand(
      change(remove.argument('<name>'), out, {
        page: () => 'roles/remove',
        body: nameInAccount,
        result: (name) => `role ${name}: removed`,
      }),
    )
  for (const each of attachmentCommands(out, 'role')) command.addCommand(each)
  return command
}

function addCommand(out: Terminal): Command {
  const kind = new Option('--kind <kind>', 'what it is for')
    .choices(['normal', 'service'])
    .default('normal')
  const command = accountScopedCommand('add')
    .description('create a role, without any permission')
    .argument('<name>')
    .option('--trust <file>', "who may assume it, in the cloud's language; - reads standard input")
    .addOption(kind)
  return change<AddOptions>(command, out, {
    page: () => 'roles',
    body: (name, options) => ({
      account: options.account,
      name,
      kind: options.kind,
      trust: options.trust === undefined ? undefined : readText(options.trust),
    }),
    result: (name) => `role ${name}: created`,
  })
}

function listCommand(out: Terminal): Command {
  return listing<RoleRow>(accountFilterCommand('list').description('list roles'), out, {
    page: 'roles',
    filters: ['account'],
    none: 'no roles',
    columns: [
      { title: 'ACCOUNT', text: (row) => row.account, whole: true },
      { title: 'NAME', text: (row) => row.name, whole: true },
      { title: 'KIND', text: (row) => row.kind },
      { title: 'POLICIES', text: (row) => row.policies.join(' ') },
    ],
  })
}
