/** `emrys policy`: what users and roles may do, in the language of their cloud. */
import { Command } from 'commander'
import type { Listed } from '../../admin/identity/answer.ts'
import type { PolicyRow, SystemPolicyRow } from '../../admin/identity/policy.ts'
import { adminClient, type AdminClient } from '../admin-client.ts'
import { printResult, printRows } from '../output.ts'
import { CommandProblem } from '../problem.ts'
import {
  accountScopedCommand,
  accountFilterCommand,
  change,
  nameInAccount,
  readRows,
  type AccountOptions,
  type OutputOptions,
} from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'
import { readText } from './document.ts'

const EXAMPLES = `
Examples (EMRYS_ACCOUNT can stand for --account):
  emrys policy list --account 1000000000000001 --system       what the cloud offers
  emrys policy show AliyunEMRStarRocksFullAccess --account 1000000000000001
  emrys policy add read-only read-only.json --account 1000000000000001
  emrys policy replace read-only - --account 1000000000000001 < read-only.json
                                                              takes effect with the next request
  emrys user attach alice read-only --account 1000000000000001`

export function policyCommand(out: Terminal): Command {
  const remove = accountScopedCommand('remove').description('remove a policy that is not attached')
  return new Command('policy')
    .summary('manage policies')
    .description("Creates, shows, replaces and removes an account's policies.")
    .addHelpText('afterAll', EXAMPLES)
    .addCommand(writeCommand(out, 'add', 'create a policy'))
    .addCommand(
      writeCommand(out, 'replace', 'replace the document of a policy, wherever it is attached'),
    )
    .addCommand(listCommand(out))
    .addCommand(showCommand(out))
    .addCommand(
      change(remove.argument('<name>'), out, {
        page: () => 'policies/remove',
        body: nameInAccount,
        result: (name) => `policy ${name}: removed`,
      }),
    )
}

function writeCommand(out: Terminal, verb: 'add' | 'replace', description: string): Command {
  return accountScopedCommand(verb)
    .description(description)
    .argument('<name>')
    .argument('<file>', "the document in the cloud's language; - reads standard input")
    .action(async (name: string, file: string, options: AccountOptions) => {
      const { account, json } = options
      const page = verb === 'add' ? 'policies' : 'policies/replace'
      const members = { account, name, text: readText(file) }
      const value = await adminClient(options).send('POST', page, members)
      const done = verb === 'add' ? 'created' : 'replaced'
      printResult(out, `policy ${name}: ${done}`, { value, json })
    })
}

interface ListOptions extends OutputOptions {
  readonly account?: string
  readonly system?: true
}

function listCommand(out: Terminal): Command {
  return accountFilterCommand('list')
    .description("list the accounts' own policies")
    .option('--system', "list the cloud's policies instead, which every account has")
    .action(async (options: ListOptions) => {
      const client = adminClient(options)
      const { account, json } = options
      if (options.system) {
        printRows(out, await systemPolicies(client, account), {
          json,
          none: 'no policies',
          columns: [
            { title: 'NAME', text: (row) => row.name, whole: true },
            { title: 'DESCRIPTION', text: (row) => row.description },
          ],
        })
        return
      }
      printRows(out, await readRows<PolicyRow>(client, 'policies', { account }), {
        json,
        none: 'no policies of its own; --system lists those that the cloud offers',
        columns: [
          { title: 'ACCOUNT', text: (row) => row.account, whole: true },
          { title: 'NAME', text: (row) => row.name, whole: true },
          { title: 'CHANGED', text: (row) => row.changed },
        ],
      })
    })
}

function showCommand(out: Terminal): Command {
  return accountScopedCommand('show')
    .description('print the document of a policy')
    .argument('<name>')
    .action(async (name: string, options: AccountOptions) => {
      const client = adminClient(options)
      const { account, json } = options
      const own = await readRows<PolicyRow>(client, 'policies', { account })
      const all = [...own, ...(await systemPolicies(client, account))]
      const found = all.find((row) => row.name === name)
      if (!found) throw new CommandProblem(`account ${account} has no policy ${name}`)
      printResult(out, found.text, { value: found, json })
    })
}

async function systemPolicies(
  client: AdminClient,
  account: string | undefined,
): Promise<readonly SystemPolicyRow[]> {
  if (account === undefined)
    throw new CommandProblem('the clouds offer different policies; pass --account')
  const query = new URLSearchParams({ account })
  const found = (await client.get(`policies/system?${query.toString()}`)) as Listed<SystemPolicyRow>
  return found.rows
}
