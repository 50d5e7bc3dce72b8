/** The commands about who there is and what they may. */
import type { Command } from 'commander'
import { accountCommand } from './identity/account.ts'
import { keyCommand } from './identity/key.ts'
import { policyCommand } from './identity/policy.ts'
import { roleCommand } from './identity/role.ts'
import { tokenCommand } from './identity/token.ts'
import { userCommand } from './identity/user.ts'
import type { Terminal } from './terminal.ts'

export function addIdentityCommands(program: Command, out: Terminal): Command {
  return program
    .addCommand(accountCommand(out))
    .addCommand(userCommand(out))
    .addCommand(keyCommand(out))
    .addCommand(roleCommand(out))
    .addCommand(policyCommand(out))
    .addCommand(tokenCommand(out))
}
