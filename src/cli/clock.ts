/** `emrys clock`: tells the server's time, or moves it forward. */
import { Command } from 'commander'
import { adminClient, withServer, type ServerOptions } from './admin-client.ts'
import { durationMs, spanText } from './duration.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys clock                    what time the server has
  emrys clock --advance 1h       what happens in an hour happens now
  emrys clock --advance 30d12h   units: ms, s, m, h, d

Time only goes forward, and a restart keeps it. Signatures are judged by the machine's time, so clients still get in.`

export function clockCommand(out: Terminal): Command {
  return withServer(new Command('clock'))
    .summary("tell or move the server's time")
    .description("Tells the server's time, or moves it forward.")
    .option('--advance <span>', 'how far, for example 90s, 1h30m or 2d')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ServerOptions & { advance?: string; json?: true }) => {
      const client = adminClient(options)
      const told = (
        options.advance === undefined
          ? await client.get('clock')
          : await client.send('POST', 'clock', { advanceMs: durationMs(options.advance) })
      ) as { now: string; aheadMs: number }
      if (options.json) return out.line(JSON.stringify(told))
      const ahead = told.aheadMs > 0 ? `  (${spanText(told.aheadMs)} ahead of the machine)` : ''
      out.line(`${told.now}${ahead}`)
    })
}
