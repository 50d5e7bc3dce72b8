/** The program of the tests' own engine: answers on a socket in its directory with what it was prepared with. Argument: the directory. */
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

const [directory = ''] = process.argv.slice(2)
const socket = join(directory, 'control')
rmSync(socket, { force: true })
const prepared = () =>
  JSON.parse(readFileSync(join(directory, 'prepared.json'), 'utf8')) as {
    generation: number
    host: string
  }
const { generation } = prepared()
const server = createServer((_request, response) => {
  const answering = !existsSync(join(directory, 'mute'))
  const endpoints = [{ name: 'echo', host: prepared().host, port: 1 }]
  response.end(JSON.stringify({ pid: process.pid, answering, generation, endpoints }))
})
server.listen(socket)
process.on('SIGTERM', () => (existsSync(join(directory, 'stubborn')) ? undefined : process.exit(0)))
