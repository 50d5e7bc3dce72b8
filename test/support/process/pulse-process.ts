/**
 * Asks a server for a cheap thing without end, over one connection, and remembers the longest that an answer took. It is a
 * process of its own, so that neither the server nor who sends it much can make it late. Argument: the port.
 */
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const REST_MS = 1
/** No vendor's page: it is answered without a look at anything. */
const QUESTION = 'GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'

const socket = connect({ host: '127.0.0.1', port: Number(process.argv[2]), noDelay: true })
let longestMs = 0
let wanted = false
let answered: (() => void) | undefined
socket.setEncoding('latin1').on('data', (text: string) => {
  if (text.endsWith('\n')) answered?.()
})
socket.on('close', () => process.exit(1))
process.on('disconnect', () => process.exit(0))
process.on('message', (message) => {
  if (message === 'begin') {
    longestMs = 0
    process.send?.('begun')
  } else wanted = true
})

for (;;) {
  const { promise, resolve } = Promise.withResolvers<void>()
  answered = resolve
  const sentMs = performance.now()
  socket.write(QUESTION)
  await promise
  longestMs = Math.max(longestMs, performance.now() - sentMs)
  if (wanted) {
    wanted = false
    process.send?.(longestMs)
  }
  await sleep(REST_MS)
}
