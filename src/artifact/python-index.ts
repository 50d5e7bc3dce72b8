/**
 * Where a Python index has a file: its page for the project, in the index's JSON form or in the HTML that every index has
 * (the specification "Simple repository API" of Python packaging).
 */
import { unescapeMarkup } from '../kernel/markup.ts'
import type { Location } from './download.ts'
import { reasonOf, shown } from './download.ts'
import { ArtifactProblem } from './problem.ts'

const PAGE_BYTES = 32 * 1024 * 1024
const ANSWER_MS = 30_000
const JSON_FORM = 'application/vnd.pypi.simple.v1+json'

export interface PythonFile {
  readonly project: string
  readonly file: string
}

/** `index` is the address of the index's list of projects, with a name and password where it wants them. */
export async function locateInIndex(
  index: string,
  { project, file }: PythonFile,
): Promise<Location> {
  const { base, authorization } = withCredentials(index)
  const address = new URL(`${project.toLowerCase().replaceAll(/[-_.]+/g, '-')}/`, base)
  const page = await pageAt(address.href, authorization)
  const found = page.links.find(({ name }) => name === file)
  if (!found) throw new ArtifactProblem(`${shown(address.href)} has no file ${file}`)
  const url = new URL(found.href, page.url)
  url.hash = ''
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new ArtifactProblem(`${shown(address.href)} leads to ${url.protocol}`)
  const isOwn = url.origin === base.origin && authorization !== undefined
  return { url: url.href, ...(isOwn && { authorization }) }
}

/** The address without its name and password, and the header that carries them. */
export function withCredentials(address: string): {
  readonly base: URL
  readonly authorization: string | undefined
} {
  const base = new URL(address.endsWith('/') ? address : `${address}/`)
  const { username, password } = base
  base.username = ''
  base.password = ''
  if (username === '' && password === '') return { base, authorization: undefined }
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { base, authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

interface Link {
  readonly name: string
  readonly href: string
}

interface Page {
  /** Where it came from at last. */
  readonly url: string
  readonly links: readonly Link[]
}

async function pageAt(url: string, authorization: string | undefined): Promise<Page> {
  try {
    const response = await fetch(url, {
      headers: {
        Accept: `${JSON_FORM}, text/html;q=0.5`,
        ...(authorization === undefined ? {} : { Authorization: authorization }),
      },
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    if (!response.ok) throw new ArtifactProblem(`${shown(url)} answers ${response.status}`)
    const text = await boundedText(response, url)
    const isJson = (response.headers.get('content-type') ?? '').startsWith(JSON_FORM)
    const base = response.url === '' ? url : response.url
    return { url: base, links: isJson ? linksInJson(text, url) : linksInHtml(text) }
  } catch (problem) {
    if (problem instanceof ArtifactProblem) throw problem
    throw new ArtifactProblem(`${shown(url)} does not answer: ${reasonOf(problem)}`, {
      cause: problem,
    })
  }
}

async function boundedText(response: Response, url: string): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of response.body ?? []) {
    bytes += (piece as Uint8Array).length
    if (bytes > PAGE_BYTES) throw new ArtifactProblem(`${shown(url)} answers at too great length`)
    pieces.push(piece as Uint8Array)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function linksInJson(text: string, url: string): readonly Link[] {
  const { files } = JSON.parse(text) as { readonly files?: unknown }
  if (!Array.isArray(files)) throw new ArtifactProblem(`${shown(url)} lists no files`)
  return files.flatMap((file: { readonly filename?: unknown; readonly url?: unknown }) =>
    typeof file?.filename === 'string' && typeof file.url === 'string'
      ? [{ name: file.filename, href: file.url }]
      : [],
  )
}

const ANCHOR = /<a\b[^>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([^<]*)<\/a/gi

function linksInHtml(text: string): readonly Link[] {
  return [...text.matchAll(ANCHOR)].map(([, double, single, name = '']) => ({
    name: unescapeMarkup(name).trim(),
    href: unescapeMarkup(double ?? single ?? ''),
  }))
}
