/** The commands about orders and money. */
import type { Command } from 'commander'
import { couponCommand } from './coupon.ts'
import { fundsCommand, ledgerCommand } from './fund.ts'
import { orderCommand } from './order.ts'
import type { Terminal } from '../terminal.ts'

export function addBillingCommands(program: Command, out: Terminal): Command {
  return program
    .addCommand(orderCommand(out))
    .addCommand(fundsCommand(out))
    .addCommand(ledgerCommand(out))
    .addCommand(couponCommand(out))
}
