/** `emrys coupon`: discount codes. */
import { Command } from 'commander'
import type { CouponRow } from '../../admin/billing/coupon.ts'
import { adminClient } from '../admin-client.ts'
import { printResult } from '../output.ts'
import { CommandProblem } from '../problem.ts'
import { change, listing, serverCommand, type OutputOptions } from '../subcommand.ts'
import type { Terminal } from '../terminal.ts'

const EXAMPLES = `
Examples:
  emrys coupon add spring 20%                                 20% off, for every account
  emrys coupon add welcome 50.00 --uses 1 --account 1000000000000001
  emrys coupon add old 10% --valid-until 2026-01-01T00:00:00Z
  emrys coupon list`

interface AddOptions extends OutputOptions {
  readonly uses?: string
  readonly validUntil?: string
  readonly account?: string
}

export function couponCommand(out: Terminal): Command {
  const remove = serverCommand('remove').description('remove a coupon')
  return new Command('coupon')
    .summary('manage discount codes')
    .description('Adds, lists and removes coupons.')
    .addHelpText('afterAll', EXAMPLES)
    .addCommand(addCommand(out))
    .addCommand(listCommand(out))
    .addCommand(
      change(remove.argument('<code>'), out, {
        page: (code) => `coupons/${encodeURIComponent(code)}/remove`,
        body: () => ({}),
        result: (code) => `coupon ${code}: removed`,
      }),
    )
}

function addCommand(out: Terminal): Command {
  return serverCommand('add')
    .description('add a coupon')
    .argument('<code>')
    .argument('<off>', 'a share such as 20%, or an amount such as 50.00')
    .option('--uses <count>', 'how many times it can be used in all')
    .option('--valid-until <time>', 'from then on it is refused')
    .option('--account <number>', 'the only account that may use it')
    .action(async (code: string, off: string, options: AddOptions) => {
      const { uses, validUntil, account, json } = options
      const value = (await adminClient(options).send('POST', 'coupons', {
        code,
        validUntil,
        account,
        ...(off.endsWith('%') ? { percent: numberOf(off.slice(0, -1)) } : { amount: off }),
        ...(uses === undefined ? {} : { uses: numberOf(uses) }),
      })) as CouponRow
      printResult(out, `coupon ${value.code}: ${value.off} off`, { value, json })
    })
}

function listCommand(out: Terminal): Command {
  return listing<CouponRow>(serverCommand('list').description('list the coupons'), out, {
    page: 'coupons',
    filters: [],
    none: 'no coupons',
    columns: [
      { title: 'CODE', text: (row) => row.code, whole: true },
      { title: 'OFF', text: (row) => row.off, whole: true },
      { title: 'USED', text: (row) => `${row.used}${row.uses === null ? '' : `/${row.uses}`}` },
      { title: 'VALID UNTIL', text: (row) => row.validUntil ?? '' },
      { title: 'ACCOUNT', text: (row) => row.account ?? 'any', whole: true },
    ],
  })
}

function numberOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new CommandProblem(`\`${text}\` is not a whole number`)
  return Number(text)
}
