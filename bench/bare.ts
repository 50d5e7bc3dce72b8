/** The yardstick: a bare Fastify server that reads the same bodies and answers as many bytes, and does nothing else. */
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'

const answer = JSON.stringify({
  Response: { filler: 'x'.repeat(Math.max(0, Number(process.argv[2] ?? 0) - 28)) },
})
const app = fastify()
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.all('*', (_request, reply) => reply.header('content-type', 'application/json').send(answer))
await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ port: (app.server.address() as AddressInfo).port })
process.on('disconnect', () => process.exit(0))
