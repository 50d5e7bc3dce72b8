/** Hadoop's configuration files, and its figures as its daemons tell them over HTTP. */
import { once } from 'node:events'
import { answerText, get, type IncomingMessage } from '../../../src/kernel/http.ts'
import type { Properties } from '../../../src/kernel/properties.ts'

export type { Properties }

/** A `*-site.xml`. */
export function siteXml(properties: Properties): string {
  const lines = Object.entries(properties).map(
    ([name, value]) =>
      `  <property><name>${escaped(name)}</name><value>${escaped(String(value))}</value></property>\n`,
  )
  return `<?xml version="1.0"?>\n<configuration>\n${lines.join('')}</configuration>\n`
}

/** As text of an element, or a value of an attribute. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

const ANSWER_MS = 3_000
/** Far above what a daemon of a small cluster says of one thing. */
const ANSWER_LENGTH = 4_194_304

export type Bean = Readonly<Record<string, unknown>>

/** The attributes of all of its beans that this pattern names. */
export async function beans(host: string, port: number, pattern: string): Promise<readonly Bean[]> {
  const answer = await restJson(host, port, `/jmx?qry=${encodeURIComponent(pattern)}`)
  return (answer as { readonly beans?: readonly Bean[] }).beans ?? []
}

/** The attributes of one of its beans; rejects when there is none. */
export async function bean(host: string, port: number, name: string): Promise<Bean> {
  const [found] = await beans(host, port, name)
  if (!found) throw new Error(`${host}:${port} has no ${name} yet`)
  return found
}

/** What it answers, from its own address, which may always come in. */
export async function restJson(host: string, port: number, path: string): Promise<unknown> {
  const found = await findJson(host, port, { path })
  if (found === undefined) throw new Error(`${host}:${port} answers 404`)
  return found
}

/** The same; undefined where it knows nothing of that. */
export async function findJson(
  host: string,
  port: number,
  { path, answerMs }: { readonly path: string; readonly answerMs?: number },
): Promise<unknown> {
  const headers = { accept: 'application/json' }
  const text = await findText(host, port, { path, headers, ...(answerMs && { answerMs }) })
  return text === undefined ? undefined : JSON.parse(text)
}

/** A page of text; undefined where it knows nothing of that. */
export async function findText(
  host: string,
  port: number,
  {
    path,
    headers = {},
    answerMs = ANSWER_MS,
    most = ANSWER_LENGTH,
  }: {
    readonly path: string
    readonly headers?: Readonly<Record<string, string>>
    readonly answerMs?: number
    /** How long it may be. */
    readonly most?: number
  },
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(answerMs)
  const sent = get({ host, port, localAddress: host, path, headers, agent: false, signal })
  const [answer] = (await once(sent, 'response', { signal })) as [IncomingMessage]
  const text = await answerText(answer, { most, from: `${host}:${port}` })
  if (answer.statusCode === 404) return undefined
  if (answer.statusCode !== 200) throw new Error(`${host}:${port} answers ${answer.statusCode}`)
  return text
}
