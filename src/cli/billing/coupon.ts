/** `emrys coupon`: codes that take something off. */
import { Command } from 'commander'
import type { CouponRow } from '../../admin/billing/coupon.ts'
import { adminClient } from '../admin-client.ts'
import { asks, rowsOf, show, tell, type Shown } from '../identity/listing.ts'
import { CommandProblem } from '../problem.ts'
import type { Terminal } from '../terminal.ts'

const EXAMPLES = `
Examples:
  emrys coupon add spring 20%                                 a fifth off, for everybody
  emrys coupon add welcome 50.00 --uses 1 --account 1000000000000001
  emrys coupon add old 10% --valid-until 2026-01-01T00:00:00Z
  emrys coupon list`

interface AddOptions extends Shown {
  readonly uses?: string
  readonly validUntil?: string
  readonly account?: string
}

export function couponCommand(out: Terminal): Command {
  return new Command('coupon')
    .summary('codes that take something off')
    .description('Adds, lists and removes coupons.')
    .addHelpText('after', EXAMPLES)
    .addCommand(addCommand(out))
    .addCommand(listCommand(out))
    .addCommand(removeCommand(out))
}

function addCommand(out: Terminal): Command {
  return asks(new Command('add'))
    .description('add a coupon')
    .argument('<code>')
    .argument('<off>', 'a share such as 20%, or an amount such as 50.00')
    .option('--uses <count>', 'how often in all')
    .option('--valid-until <time>', 'from then on it is refused')
    .option('--account <number>', 'the only account that may use it')
    .action(async (code: string, off: string, options: AddOptions) => {
      const { uses, validUntil, account } = options
      const value = (await adminClient(options).send('POST', 'coupons', {
        code,
        validUntil,
        account,
        ...(off.endsWith('%') ? { percent: numberOf(off.slice(0, -1)) } : { amount: off }),
        ...(uses === undefined ? {} : { uses: numberOf(uses) }),
      })) as CouponRow
      tell(out, `coupon ${value.code}: ${value.off} off`, { value, json: options.json })
    })
}

function listCommand(out: Terminal): Command {
  return asks(new Command('list'))
    .description('list the coupons')
    .action(async (options: Shown) => {
      show(out, await rowsOf<CouponRow>(adminClient(options), 'coupons'), {
        json: options.json,
        none: 'no coupons',
        columns: [
          { title: 'CODE', text: (row) => row.code },
          { title: 'OFF', text: (row) => row.off },
          { title: 'USED', text: (row) => `${row.used}${row.uses === null ? '' : `/${row.uses}`}` },
          { title: 'VALID UNTIL', text: (row) => row.validUntil ?? '' },
          { title: 'ACCOUNT', text: (row) => row.account ?? 'any' },
        ],
      })
    })
}

function removeCommand(out: Terminal): Command {
  return asks(new Command('remove'))
    .description('remove a coupon')
    .argument('<code>')
    .action(async (code: string, options: Shown) => {
      const page = `coupons/${encodeURIComponent(code)}/remove`
      const value = await adminClient(options).send('POST', page, {})
      tell(out, `coupon ${code}: removed`, { value, json: options.json })
    })
}

function numberOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new CommandProblem(`\`${text}\` is not a whole number`)
  return Number(text)
}
