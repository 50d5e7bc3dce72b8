/** The commands about who there is and what they may. */
import type { Command } from 'commander'
import { accountCommand } from './account.ts'
import { keyCommand } from './key.ts'
import { policyCommand } from './policy.ts'
import { roleCommand } from './role.ts'
import { tokenCommand } from './token.ts'
import { userCommand } from './user.ts'
import type { Terminal } from '../terminal.ts'

export function addIdentityCommands(program: Command, out: Terminal): Command {
  return program
    .addCommand(accountCommand(out))
    .addCommand(userCommand(out))
    .addCommand(keyCommand(out))
    .addCommand(roleCommand(out))
    .addCommand(policyCommand(out))
    .addCommand(tokenCommand(out))
}
