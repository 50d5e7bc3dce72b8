/** `emrys policy`: what users and roles may do, in the language of their cloud. */
import { Command } from 'commander'
import type { Listed } from '../../admin/identity/answer.ts'
import type { PolicyRow, SystemPolicyRow } from '../../admin/identity/policy.ts'
import { adminClient, type AdminClient } from '../admin-client.ts'
import { CommandProblem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'
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
  emrys policy list --account 1000000000000001 --system       what the cloud offers
  emrys policy show AliyunEMRStarRocksFullAccess --account 1000000000000001
  emrys policy add only-look look.json --account 1000000000000001
  emrys policy replace only-look - --account 1000000000000001 < look.json
                                                              holds from the next request on
  emrys user attach alice only-look --account 1000000000000001`

export function policyCommand(out: Terminal): Command {
  return new Command('policy')
    .summary('what users and roles may do')
    .description("Makes, shows, changes and removes an account's policies.")
    .addHelpText('after', EXAMPLES)
    .addCommand(writeCommand(out, 'add', 'make a policy'))
    .addCommand(writeCommand(out, 'replace', 'change what a policy says, for all who have it'))
    .addCommand(listCommand(out))
    .addCommand(showCommand(out))
    .addCommand(removeCommand(out))
}

function writeCommand(out: Terminal, verb: 'add' | 'replace', description: string): Command {
  return asksAccount(new Command(verb))
    .description(description)
    .argument('<name>')
    .argument('<file>', "the document in the cloud's language; - reads standard input")
    .action(async (name: string, file: string, options: InAccount) => {
      const members = { account: options.account, name, text: readText(file) }
      const page = verb === 'add' ? 'policies' : 'policies/replace'
      const value = await adminClient(options).send('POST', page, members)
      const done = verb === 'add' ? 'made' : 'replaced'
      tell(out, `policy ${name}: ${done}`, { value, json: options.json })
    })
}

interface ListOptions extends Shown {
  readonly account?: string
  readonly system?: true
}

function listCommand(out: Terminal): Command {
  return asksAnyAccount(new Command('list'))
    .description('list the policies that were made')
    .option('--system', "the cloud's own instead, which every account has")
    .action(async (options: ListOptions) => {
      const client = adminClient(options)
      const { account, json } = options
      if (options.system) {
        show(out, await systemPolicies(client, account), {
          json,
          none: 'no policies',
          columns: [
            { title: 'NAME', text: (row) => row.name },
            { title: 'DESCRIPTION', text: (row) => row.description },
          ],
        })
        return
      }
      show(out, await rowsOf<PolicyRow>(client, 'policies', { account }), {
        json,
        none: 'no policies were made; --system lists those that the cloud offers',
        columns: [
          { title: 'ACCOUNT', text: (row) => row.account },
          { title: 'NAME', text: (row) => row.name },
          { title: 'CHANGED', text: (row) => row.changed },
        ],
      })
    })
}

function showCommand(out: Terminal): Command {
  return asksAccount(new Command('show'))
    .description('print what a policy says')
    .argument('<name>')
    .action(async (name: string, options: InAccount) => {
      const client = adminClient(options)
      const { account } = options
      const own = await rowsOf<PolicyRow>(client, 'policies', { account })
      const all = [...own, ...(await systemPolicies(client, account))]
      const found = all.find((row) => row.name === name)
      if (!found) throw new CommandProblem(`account ${account} has no policy ${name}`)
      tell(out, found.text, { value: found, json: options.json })
    })
}

function removeCommand(out: Terminal): Command {
  return asksAccount(new Command('remove'))
    .description('remove a policy that nobody has')
    .argument('<name>')
    .action(async (name: string, options: InAccount) => {
      const members = { account: options.account, name }
      const value = await adminClient(options).send('POST', 'policies/remove', members)
      tell(out, `policy ${name}: removed`, { value, json: options.json })
    })
}

async function systemPolicies(
  client: AdminClient,
  account: string | undefined,
): Promise<readonly SystemPolicyRow[]> {
  if (account === undefined)
    throw new CommandProblem('the clouds offer different policies; pass --account')
  const query = new URLSearchParams({ account })
  const found = (await client.ask(`policies/system?${query.toString()}`)) as Listed<SystemPolicyRow>
  return found.rows
}
