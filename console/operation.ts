/** What the server says that it can do: the document under `/_emrys/openapi`, asked for once. */
import { textOf, type Parameters, type Schema } from './value.ts'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly schema?: Schema
}

interface Described {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly responses?: unknown
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: Schema } }
  }
}

export interface Operation extends Described {
  /** In capitals. */
  readonly method: string
  readonly path: string
  readonly tag: string
}

export const ADMIN = 'admin'
const PREFIX = '/_emrys/'

let asked: Promise<readonly Operation[]> | undefined

export function operations(): Promise<readonly Operation[]> {
  asked ??= read().catch((problem: unknown) => {
    asked = undefined
    throw problem
  })
  return asked
}

async function read(): Promise<readonly Operation[]> {
  const response = await fetch('/_emrys/openapi')
  if (!response.ok) throw new Error(response.statusText)
  const { paths } = (await response.json()) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, it]) => ({
      ...it,
      path,
      method: method.toUpperCase(),
      tag: it.tags[0] ?? '',
    })),
  )
}

/** The parameters of a page of the administration, wherever each stands. */
export function shapeOf({ parameters = [], requestBody }: Operation): Schema {
  const body = requestBody?.content['application/json'].schema.properties ?? {}
  const outside: Record<string, Schema> = {}
  for (const { name, schema } of parameters) outside[name] = schema ?? { type: 'string' }
  const required = parameters.flatMap((each) => (each.in === 'path' ? [each.name] : []))
  return { type: 'object', properties: { ...outside, ...body }, required }
}

/** Each parameter in its place: of the path, of the query, or of the body. */
export function requestOf(operation: Operation, value: Parameters) {
  const { method, path, parameters = [], requestBody } = operation
  const places = new Map(parameters.map((each) => [each.name, each.in]))
  const of = (place: string | undefined) =>
    Object.entries(value).filter(([name]) => places.get(name) === place)
  const query = new URLSearchParams(of('query').map(([name, it]) => [name, textOf(it)])).toString()
  const named = of('path').reduce(
    (text, [name, it]) => text.replace(`{${name}}`, encodeURIComponent(textOf(it))),
    path.slice(PREFIX.length),
  )
  return {
    method,
    page: query === '' ? named : `${named}?${query}`,
    ...(requestBody ? { body: Object.fromEntries(of(undefined)) } : {}),
  }
}
