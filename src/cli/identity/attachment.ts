/** `attach` and `detach`, which users and roles have alike. */
import type { Command } from 'commander'
import { adminClient } from '../admin-client.ts'
import { printResult } from '../output.ts'
import { accountScopedCommand, type AccountOptions } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

export function attachmentCommands(out: Terminal, kind: 'user' | 'role'): readonly Command[] {
  return (['attach', 'detach'] as const).map((verb) =>
    accountScopedCommand(verb)
      .description(`${verb} a policy, the account's own or one of the cloud's`)
      .argument('<name>', `the ${kind}`)
      .argument('<policy>')
      .action(async (name: string, policy: string, options: AccountOptions) => {
        const { account, json } = options
        const members = { account, name, policy }
        const value = await adminClient(options).send('POST', `${kind}s/${verb}`, members)
        printResult(out, `${kind} ${name}: ${policy} ${verb}ed`, { value, json })
      }),
  )
}
