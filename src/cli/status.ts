/** `emrys status`: is the server healthy, and what does it run? */
import { Command } from 'commander'
import { adminClient, withServer, type ServerOptions } from './admin-client.ts'
import { spanText } from './duration.ts'
import type { Terminal } from './terminal.ts'

interface Ready {
  readonly status: string
  readonly store: string
  readonly server?: string
  readonly checks: readonly {
    readonly name: string
    readonly ok: boolean
    readonly detail?: string
  }[]
  readonly carriers?: readonly {
    readonly name: string
    readonly remark?: string
    readonly products?: readonly {
      readonly title: string
      readonly operator: string
      readonly remark?: string
    }[]
    readonly offer?: Readonly<Record<string, string>>
  }[]
}

interface ClockAnswer {
  readonly now: string
  readonly aheadMs: number
}

interface ActionsAnswer {
  readonly dialects: readonly {
    readonly dialect: string
    readonly product: string
    readonly declared: number
    readonly built: readonly string[]
  }[]
}

const EXAMPLES = `
Examples:
  emrys status                                   of the server on this machine
  emrys status --url http://127.0.0.1:41234      of another one; EMRYS_URL does the same
  emrys status --json | jq -e .ready.status      for scripts; the exit code is 1 when it is not ready`

export function statusCommand(out: Terminal): Command {
  return withServer(new Command('status'))
    .summary('whether a running server is healthy')
    .description('Shows whether a running server is healthy, and what it runs.')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ServerOptions & { json?: true }) => {
      const client = adminClient(options)
      const [ready, clusters, clock, actions] = (await Promise.all([
        client.get('ready'),
        client.get('clusters?limit=1'),
        client.get('clock'),
        client.get('actions'),
      ])) as [Ready, { total: number }, ClockAnswer, ActionsAnswer]
      if (ready.status !== 'ready') process.exitCode = 1
      if (options.json) {
        const { url } = options
        return out.line(JSON.stringify({ url, ready, clusters: clusters.total, clock }))
      }
      const healthy = ready.status === 'ready'
      out.line(`${out.paint(healthy ? 'green' : 'red', ready.status)}  ${options.url}`)
      for (const check of ready.checks.filter((each) => !each.ok))
        out.line(`  ${check.name}: ${check.detail ?? 'failed'}`)
      const server = ready.server === undefined ? '' : `, server ${ready.server}`
      out.line(`store     ${ready.store}${server}`)
      out.line(`clusters  ${clusters.total}`)
      for (const { name, remark, products = [], offer = {} } of ready.carriers ?? []) {
        out.line(`substrate ${name}${notNow(remark)}`)
        for (const each of products)
          out.line(`          ${each.title} by ${each.operator}${notNow(each.remark)}`)
        for (const [what, by] of Object.entries(offer)) out.line(`          ${what}: ${by}`)
      }
      const ahead = clock.aheadMs > 0 ? `, ${spanText(clock.aheadMs)} ahead of this machine` : ''
      out.line(`time      ${clock.now}${ahead}`)
      for (const { dialect, product, built, declared } of actions.dialects)
        out.line(`actions   ${dialect} ${product}: ${built.length} of ${declared} are built`)
    })
}

function notNow(remark: string | undefined): string {
  return remark === undefined ? '' : `, but not now: ${remark}`
}
