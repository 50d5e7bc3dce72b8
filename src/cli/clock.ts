/** `emrys clock`: shows the server's time, or moves it forward. */
import { Command } from 'commander'
import { adminClient, withServer, type ServerOptions } from './admin-client.ts'
import { durationMs, spanText } from './duration.ts'
import { withProgress } from './progress.ts'
import type { Terminal } from './terminal.ts'

const EXAMPLES = `
Examples:
  emrys clock                    the server's time
  emrys clock --advance 1h       what happens in an hour happens now
  emrys clock --advance 30d12h   units: ms, s, m, h, d

Time only goes forward, and a restart keeps it. Signatures are judged by the machine's time, so clients still get in.`

export function clockCommand(out: Terminal): Command {
  return withServer(new Command('clock'))
    .summary("show the server's time, or move it forward")
    .description("Shows the server's time, or moves it forward.")
    .option('--advance <span>', 'how far, for example 90s, 1h30m or 2d')
    .option('--json', 'as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ServerOptions & { advance?: string; json?: true }) => {
      const client = adminClient(options)
      const advanceMs = options.advance === undefined ? undefined : durationMs(options.advance)
      const ask = () =>
        advanceMs === undefined ? client.get('clock') : client.send('POST', 'clock', { advanceMs })
      const dim = (text: string) => out.paint('dim', text)
      const time = (await withProgress('what falls due on the way is done first', dim, ask)) as {
        now: string
        aheadMs: number
      }
      if (options.json) return out.line(JSON.stringify(time))
      const ahead = time.aheadMs > 0 ? `  (${spanText(time.aheadMs)} ahead of the machine)` : ''
      out.line(`${time.now}${ahead}`)
    })
}
