/** Commands of the suite's shell that are one plain `curl`: stream loads and the HTTP SQL API. Nothing else of a shell is run. */
import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'

export interface Request {
  readonly url: string
  readonly method: string
  readonly headers: readonly (readonly [string, string])[]
  readonly user?: string
  readonly file?: string
  readonly data?: string
}

/** Undefined when the command is more than one plain curl. */
export function parseCurl(command: string): Request | undefined {
  const words = shellWords(command.trim().replace(/;$/, ''))
  if (words?.[0] !== 'curl') return undefined
  const headers: [string, string][] = []
  const found: { url?: string; method?: string; user?: string; file?: string; data?: string } = {}
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? ''
    const value = () => words[++at] ?? ''
    if (word === '-H' || word === '--header') headers.push(headerOf(value()))
    else if (word === '-u') found.user = value()
    else if (word === '-T') found.file = value()
    else if (word === '-d' || word === '--data') found.data = value()
    else if (word === '-X') found.method = value()
    else if (word.startsWith('-X')) found.method = word.slice(2)
    else if (word === '--location-trusted' || word === '-sS' || word === '-s') continue
    else if (word.startsWith('-') || found.url !== undefined) return undefined
    else found.url = word
  }
  if (found.url === undefined) return undefined
  const method = found.method ?? (found.file === undefined ? 'GET' : 'PUT')
  return { ...found, url: found.url, method, headers }
}

function headerOf(text: string): [string, string] {
  const colon = text.indexOf(':')
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}

/** Undefined when the shell would do more than split words. */
function shellWords(command: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < command.length; at++) {
    const sign = command[at] ?? ''
    if (sign === "'" || sign === '"') {
      const end = closingQuote(command, at)
      if (end < 0) return undefined
      const inner = command.slice(at + 1, end)
      word = (word ?? '') + (sign === "'" ? inner : inner.replaceAll(/\\(["\\$`])/g, '$1'))
      at = end
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (/[|&;<>`$()]/.test(sign)) return undefined
    else if (sign === '\\') word = (word ?? '') + (command[++at] ?? '')
    else word = (word ?? '') + sign
  }
  if (word !== undefined) words.push(word)
  return words
}

function closingQuote(command: string, start: number): number {
  const quote = command[start]
  for (let at = start + 1; at < command.length; at++) {
    if (command[at] === quote) return at
    if (quote === '"' && command[at] === '\\') at++
  }
  return -1
}

/** The body of the answer; redirections are followed with the same credentials, as `--location-trusted` does. */
export async function send(request: Request, timeoutMs: number): Promise<string> {
  let url = request.url
  for (let hop = 0; hop < 3; hop++) {
    const { location, text } = await exchange(url, request, timeoutMs)
    if (location === undefined) return text
    url = new URL(location, url).href
  }
  throw new Error(`${request.url} redirects too often`)
}

interface Received {
  readonly location: string | undefined
  readonly text: string
}

/** A body that waits for leave is sent when the server asks for it; files always wait, as with the curl of the suite's time. */
function exchange(url: string, request: Request, timeoutMs: number): Promise<Received> {
  const body = request.file === undefined ? request.data : readFileSync(request.file)
  const headers: Record<string, string> = Object.fromEntries(
    request.headers.map(([name, value]) => [name.toLowerCase(), value]),
  )
  if (request.user !== undefined)
    headers['authorization'] = `Basic ${Buffer.from(request.user).toString('base64')}`
  if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body))
  if (request.file !== undefined) headers['expect'] = '100-continue'
  const { method } = request
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs)
    const outgoing = httpRequest(url, { method, headers, signal, agent: false }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        outgoing.destroy()
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ location: incoming.headers.location, text })
      })
    })
    outgoing.on('error', reject)
    if (headers['expect'] === undefined) outgoing.end(body)
    else outgoing.once('continue', () => outgoing.end(body))
  })
}
