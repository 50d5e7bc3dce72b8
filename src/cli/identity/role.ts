/** `emrys role`: what can be assumed for a while, by whom, and what it may do then. */
import { Command, Option } from 'commander'
import type { RoleRow } from '../../admin/identity/role.ts'
import { adminClient } from '../admin-client.ts'
import type { Terminal } from '../terminal.ts'
import { attachmentCommand } from './attachment.ts'
import { readText } from './document.ts'
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
  emrys role add reader --account 1000000000000001                     the account's users may assume it
  emrys role add guest --account 1000000000000001 --trust trust.json   whom the document names may
  emrys role attach reader AliyunEMRStarRocksReadOnlyAccess --account 1000000000000001
  emrys role remove EMR_QCSRole --account 100000000001                 see what a create says without it`

interface AddOptions extends InAccount {
  readonly kind: string
  readonly trust?: string
}

export function roleCommand(out: Terminal): Command {
  return new Command('role')
    .summary('what can be assumed for a while')
    .description("Makes, lists and removes an account's roles, and attaches policies.")
    .addHelpText('after', EXAMPLES)
    .addCommand(addCommand(out))
    .addCommand(listCommand(out))
    .addCommand(removeCommand(out))
    .addCommand(attachmentCommand(out, { kind: 'role', verb: 'attach' }))
    .addCommand(attachmentCommand(out, { kind: 'role', verb: 'detach' }))
}

function addCommand(out: Terminal): Command {
  return asksAccount(new Command('add'))
    .description('make a role, which may do nothing yet')
    .argument('<name>')
    .option('--trust <file>', "who may assume it, in the cloud's language; - reads standard input")
    .addOption(
      new Option('--kind <kind>', 'what it is for')
        .choices(['normal', 'service'])
        .default('normal'),
    )
    .action(async (name: string, options: AddOptions) => {
      const { account, kind } = options
      const trust = options.trust === undefined ? undefined : readText(options.trust)
      const members = { account, name, kind, trust }
      const value = await adminClient(options).send('POST', 'roles', members)
      tell(out, `role ${name}: made`, { value, json: options.json })
    })
}

function listCommand(out: Terminal): Command {
  return asksAnyAccount(new Command('list'))
    .description('list roles')
    .action(async (options: Shown & { readonly account?: string }) => {
      const { account } = options
      show(out, await rowsOf<RoleRow>(adminClient(options), 'roles', { account }), {
        json: options.json,
        none: 'no roles',
        columns: [
          { title: 'ACCOUNT', text: (row) => row.account },
          { title: 'NAME', text: (row) => row.name },
          { title: 'KIND', text: (row) => row.kind },
          { title: 'POLICIES', text: (row) => row.policies.join(' ') },
        ],
      })
    })
}

function removeCommand(out: Terminal): Command {
  return asksAccount(new Command('remove'))
    .description('remove a role and end its sessions')
    .argument('<name>')
    .action(async (name: string, options: InAccount) => {
      const { account } = options
      const value = await adminClient(options).send('POST', 'roles/remove', { account, name })
      tell(out, `role ${name}: removed`, { value, json: options.json })
    })
}
