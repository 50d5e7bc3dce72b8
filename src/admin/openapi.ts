/**
 * The built actions of every dialect and the admin pages as one OpenAPI 3.1 document, generated from what requests are read by. Actions
 * with a route are at their path. Those that are found by name share one path, which OpenAPI cannot express; each is at
 * `/#Name`, and the part behind `#` is not sent.
 */
import type { Action } from '../gateway/action.ts'
import type { Dialect } from '../gateway/dialect.ts'
import { published, type Schema } from '../shape/published.ts'
import type { AdminContext } from './context.ts'
import { json, type Page } from './page.ts'

/** What a wire has around its actions. */
interface Wire {
  readonly title: string
  readonly scheme: Schema
  /** Headers that name the action, where no route does. */
  readonly headers: (action: Action) => readonly Schema[]
  /** The whole answer around what the action returns. */
  readonly answer: (output: Schema) => Schema
}

const requestId = { type: 'string', description: 'Names this request in logs and in support.' }

const wires: Readonly<Record<string, Wire>> = {
  alibaba: {
    title: 'Alibaba Cloud E-MapReduce Serverless StarRocks',
    scheme: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: 'ACS3-HMAC-SHA256, or ROA `acs KEY:SIGNATURE` (HMAC-SHA1).',
    },
    headers: () => [],
    answer: (output) => ({ allOf: [envelope({ RequestId: requestId }), output] }),
  },
  tencent: {
    title: 'Tencent Cloud Elastic MapReduce',
    scheme: {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: 'TC3-HMAC-SHA256; or version 1, whose signature is one of the parameters.',
    },
    headers: (action) => [
      { ...header('X-TC-Action'), schema: { const: action.name } },
      { ...header('X-TC-Version'), schema: { const: action.version } },
      { ...header('X-TC-Timestamp'), schema: { type: 'integer' } },
      { ...header('X-TC-Region'), required: false },
    ],
    answer: (output) =>
      envelope({ Response: { allOf: [envelope({ RequestId: requestId }), output] } }),
  },
}

export function openapiPage(
  { dialects }: Pick<AdminContext, 'dialects'>,
  pages: () => readonly Page[],
): Page {
  let document: object | undefined
  return {
    method: 'GET',
    path: '/_emrys/openapi',
    does: 'the built actions and these pages as an OpenAPI 3.1 document',
    open: true,
    run: async () => json((document ??= openapiOf(dialects, pages()))),
  }
}

function openapiOf(dialects: readonly Dialect[], pages: readonly Page[]): Schema {
  const paths: Record<string, Record<string, Schema>> = {}
  const securitySchemes: Record<string, Schema> = { [ADMIN]: adminScheme }
  for (const dialect of dialects) {
    const wire = wires[dialect.name]
    if (!wire) continue
    securitySchemes[dialect.name] = wire.scheme
    for (const action of dialect.actions) {
      const path = action.route?.path ?? `/#${action.name}`
      const method = (action.route?.method ?? 'POST').toLowerCase()
      paths[path] = { ...paths[path], [method]: operationOf(dialect, wire, action) }
    }
  }
  for (const page of pages) {
    const method = page.method.toLowerCase()
    paths[page.path] = { ...paths[page.path], [method]: pageOperationOf(page) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Emrys',
      version: '1',
      description:
        'The actions of both clouds that this server has built. Point a client of either cloud at it. The pages under /_emrys/ are for its operator.',
    },
    tags: [
      ...dialects.map(({ name }) => ({ name, description: wires[name]?.title ?? name })),
      { name: ADMIN, description: 'Administration, on loopback only and not through a proxy' },
    ],
    paths,
    components: { securitySchemes },
  }
}

function operationOf(dialect: Dialect, wire: Wire, action: Action): Schema {
  const method = action.route?.method ?? 'POST'
  const input = published(action.input)
  const inBody = method !== 'GET' && method !== 'DELETE'
  return {
    operationId: `${dialect.name}.${action.name}`,
    summary: action.name,
    tags: [dialect.name],
    security: [{ [dialect.name]: [] }],
    description: `Version ${action.version}; needs the permission ${action.permission.action}.`,
    parameters: [...wire.headers(action), ...(inBody ? [] : queryOf(input))],
    ...(inBody
      ? { requestBody: { required: true, content: { 'application/json': { schema: input } } } }
      : {}),
    responses: {
      200: {
        description: 'The answer.',
        content: { 'application/json': { schema: wire.answer(published(action.output)) } },
      },
      default: { description: `A refusal. The action's own faults: ${action.faults.join(', ')}.` },
    },
  }
}

const ADMIN = 'admin'

const adminScheme: Schema = {
  type: 'http',
  scheme: 'bearer',
  description:
    'The text of the file admin-token in the data directory of the server. Pages without it are open to every user of the machine.',
}

function pageOperationOf(page: Page): Schema {
  const placeholder = /\{(\w+)\}/.exec(page.path)?.[1]
  const inPath =
    placeholder === undefined
      ? []
      : [{ name: placeholder, in: 'path', required: true, schema: { type: 'string' } }]
  const inQuery = (page.query ?? []).map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  }))
  const properties = Object.fromEntries(
    (page.members ?? []).map((name) => [name, memberOf(page, name)]),
  )
  const schema = { type: 'object', properties, additionalProperties: false }
  const takesBody = page.method === 'POST' || page.method === 'PUT'
  return {
    operationId: `${ADMIN}.${page.method} ${page.path}`,
    summary: page.does,
    tags: [ADMIN],
    security: page.open ? [] : [{ [ADMIN]: [] }],
    parameters: [...inPath, ...inQuery],
    ...(takesBody
      ? { requestBody: { required: true, content: { 'application/json': { schema } } } }
      : {}),
    responses: {
      200: { description: 'The answer.' },
      ...(page.open ? {} : { 401: { description: 'The token is missing or another one.' } }),
      default: { description: 'A refusal: `error` is a sentence.' },
    },
  }
}

/** By the example in the page's own words: `{"name":"…"[,"seconds":n]}`. */
function memberOf({ does }: Page, name: string): Schema {
  const mark = `"${name}":`
  const at = does.indexOf(mark)
  if (at < 0) return {}
  const shown = does.slice(at + mark.length)
  if (shown.startsWith('"')) return { type: 'string' }
  if (/^(true|false)/.test(shown)) return { type: 'boolean' }
  return /^(\d|n\b)/.test(shown) ? { type: 'integer' } : {}
}

/** Texts and numbers as they are; lists and objects as JSON in a text. */
function queryOf(input: Schema): readonly Schema[] {
  const required = (input['required'] ?? []) as readonly string[]
  return Object.entries(input['properties'] as Readonly<Record<string, Schema>>).map(
    ([name, schema]) => {
      const place = { name, in: 'query', required: required.includes(name) }
      const structured = schema['type'] === 'array' || schema['type'] === 'object'
      return structured
        ? { ...place, content: { 'application/json': { schema } } }
        : { ...place, schema }
    },
  )
}

function envelope(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: 'object', properties, required: Object.keys(properties) }
}

function header(name: string): Schema {
  return { name, in: 'header', required: true, schema: { type: 'string' } }
}
