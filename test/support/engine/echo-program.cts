/**
 * The program of the tests' own component: listens where it shall, and answers on a socket in its directory with what it has read.
 * Argument: the directory. Files that a test puts there make it do other things: `crash` ends it at its start, `mute` has it say
 * that it does not answer, `stubborn` has it stay, `refuse` refuses new files with the sentence in it, `used` says how many bytes
 * it keeps, `claims` holds members that its health has instead of the true ones. Tests start hundreds: a CommonJS module takes half of the
 * processor time that another one's start takes.
 */
const { existsSync, readFileSync, rmSync, writeFileSync } = process.getBuiltinModule('node:fs')
const { createServer } = process.getBuiltinModule('node:http')
const { createServer: createTcpServer } = process.getBuiltinModule('node:net')
const { join } = process.getBuiltinModule('node:path')

interface Prepared {
  readonly revision: number
  readonly host: string
  readonly ports: readonly number[]
  readonly threads: number
  readonly memoryMib: number
  readonly quotaBytes: number
}

const [directory = ''] = process.argv.slice(2)
const file = (name: string) => join(directory, name)
const read = () => JSON.parse(readFileSync(file('prepared.json'), 'utf8')) as Prepared

if (existsSync(file('crash'))) process.exit(1)
writeFileSync(file('begun'), String(performance.timeOrigin))
rmSync(file('control'), { force: true })
let prepared = read()

function health(): object {
  const { revision, host, ports, threads, memoryMib, quotaBytes } = prepared
  return {
    pid: process.pid,
    answering: !existsSync(file('mute')),
    revision,
    threads,
    memoryBytes: memoryMib * 1024 ** 2,
    storageBytes: quotaBytes,
    endpoints: [{ name: 'echo', host, port: ports[0] }],
    ...(existsSync(file('used')) ? { usedBytes: Number(readFileSync(file('used'), 'utf8')) } : {}),
    ...(existsSync(file('claims'))
      ? (JSON.parse(readFileSync(file('claims'), 'utf8')) as object)
      : {}),
  }
}

function reload(): unknown {
  if (existsSync(file('refuse'))) return { refused: readFileSync(file('refuse'), 'utf8') }
  prepared = read()
  return 'applied'
}

const server = createServer(({ url }, response) => {
  response.setHeader('Connection', 'close')
  response.end(JSON.stringify(url === '/reload' ? reload() : health()))
})
createTcpServer().listen(prepared.ports[0], prepared.host, () => {
  server.listen(file('control'), () =>
    writeFileSync(file('ready'), String(performance.timeOrigin + performance.now())),
  )
})
process.on('SIGTERM', () => (existsSync(file('stubborn')) ? undefined : process.exit(0)))
