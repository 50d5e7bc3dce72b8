/** `attach` and `detach`, which users and roles have alike. */
import { Command } from 'commander'
import { adminClient } from '../admin-client.ts'
import type { Terminal } from '../terminal.ts'
import { asksAccount, tell, type InAccount } from './listing.ts'

export function attachmentCommand(
  out: Terminal,
  { kind, verb }: { readonly kind: 'user' | 'role'; readonly verb: 'attach' | 'detach' },
): Command {
  return asksAccount(new Command(verb))
    .description(`${verb} a policy, the account's own or one of the cloud's`)
    .argument('<name>', `the ${kind}`)
    .argument('<policy>')
    .action(async (name: string, policy: string, options: InAccount) => {
      const { account } = options
      const members = { account, name, policy }
      const value = await adminClient(options).send('POST', `${kind}s/${verb}`, members)
      tell(out, `${kind} ${name}: ${policy} ${verb}ed`, { value, json: options.json })
    })
}
