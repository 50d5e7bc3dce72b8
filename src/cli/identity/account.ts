/** `emrys account`: who owns clusters. */
import { Command, Option } from 'commander'
import type { AccountRow } from '../../admin/identity/account.ts'
import { adminClient } from '../admin-client.ts'
import type { Terminal } from '../terminal.ts'
import { asks, rowsOf, show, showFacts, tell, type Shown } from './listing.ts'

const EXAMPLES = `
Examples:
  emrys account list
  emrys account add alibaba team-a                    draws a number
  emrys account add tencent team-b --number 100000000777 --tenant 1250000777
  emrys account add tencent bare --no-service-roles   creates are refused for want of a role
  emrys account disable 100000000777                  none of its keys is accepted any more`

interface AddOptions extends Shown {
  readonly number?: string
  readonly tenant?: string
  readonly serviceRoles: boolean
}

export function accountCommand(out: Terminal): Command {
  const command = new Command('account')
    .summary('who owns clusters')
    .description('Makes, lists, disables and removes accounts of both clouds.')
    .addHelpText('after', EXAMPLES)
    .addCommand(addCommand(out))
    .addCommand(listCommand(out))
    .addCommand(
      changeCommand(
        out,
        'remove',
        'remove an account that has no clusters, with all that is in it',
      ),
    )
  for (const verb of ['enable', 'disable'] as const)
    command.addCommand(changeCommand(out, verb, `${verb} an account with all its keys`))
  return command
}

function addCommand(out: Terminal): Command {
  return asks(new Command('add'))
    .description('make an account, with the roles that the service needs')
    .argument('<dialect>', 'alibaba or tencent')
    .argument('<name>')
    .option('--number <number>', 'its number; drawn without one')
    .option('--tenant <number>', 'its second number, where its cloud has one; drawn without one')
    .addOption(new Option('--no-service-roles', 'without the roles that the service needs'))
    .action(async (dialect: string, name: string, options: AddOptions) => {
      const made = (await adminClient(options).send('POST', 'accounts', {
        dialect,
        name,
        account: options.number,
        tenant: options.tenant,
        serviceRoles: options.serviceRoles,
      })) as AccountRow
      const { account, tenant } = made
      showFacts(out, { account, tenant }, { value: made, json: options.json })
    })
}

function listCommand(out: Terminal): Command {
  return asks(new Command('list'))
    .description('list the accounts')
    .action(async (options: Shown) => {
      show(out, await rowsOf<AccountRow>(adminClient(options), 'accounts'), {
        json: options.json,
        none: 'no accounts',
        columns: [
          { title: 'ACCOUNT', text: (row) => row.account },
          { title: 'TENANT', text: (row) => row.tenant },
          { title: 'CLOUD', text: (row) => row.dialect },
          { title: 'NAME', text: (row) => row.name },
          { title: 'STATUS', text: (row) => row.status },
        ],
      })
    })
}

function changeCommand(out: Terminal, verb: string, description: string): Command {
  return asks(new Command(verb))
    .description(description)
    .argument('<number>')
    .action(async (account: string, options: Shown) => {
      const value = await adminClient(options).send('POST', `accounts/${verb}`, { account })
      tell(out, `account ${account}: ${verb}d`, { value, json: options.json })
    })
}
