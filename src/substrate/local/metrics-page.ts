/** What an engine's own metrics page says. */
import { once } from 'node:events'
import { get, type IncomingMessage } from '../../kernel/http.ts'

const METRICS_MS = 2_000
/** Far above the figures of one engine. */
const METRICS_LENGTH = 262_144

/** From the instance's own address, which may always come in. */
export async function metricsPage(host: string, port: number): Promise<string> {
  const signal = AbortSignal.timeout(METRICS_MS)
  const sent = get({ host, port, localAddress: host, path: '/metrics', agent: false, signal })
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  if (answer.statusCode !== 200) throw new Error(`${host}:${port} answered ${answer.statusCode}`)
  answer.setEncoding('utf8')
  let text = ''
  for await (const piece of answer) {
    text += String(piece)
    if (text.length > METRICS_LENGTH) throw new Error(`${host}:${port} answers at too great length`)
  }
  return text
}
