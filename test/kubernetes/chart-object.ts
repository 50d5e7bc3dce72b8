/** The objects of the chart, as Helm's own packages render it, and where an API server takes them. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { builtProgram, skipWithoutProgram, type GoSource } from './go-program.ts'

export const CHART = join(import.meta.dirname, '../../charts/emrys')
export const CHART_SOURCE: GoSource = {
  name: 'chart',
  directory: join(import.meta.dirname, 'chart'),
}
export const NAMESPACE = 'emrys-system'

export interface Rendered {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly [member: string]: unknown
}

/** For the option of a test. */
export function skipWithoutChart(): string | false {
  return skipWithoutProgram(CHART_SOURCE)
}

export function chart(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(builtProgram(CHART_SOURCE), args, {
    encoding: 'utf8',
  })
  return { status, out: stdout, err: stderr }
}

export function template(values: object, name = 'emrys') {
  return chart('template', CHART, name, NAMESPACE, JSON.stringify(values))
}

export function objectsOf(values: object, name = 'emrys'): readonly Rendered[] {
  const { status, out, err } = template(values, name)
  assert.equal(status, 0, err)
  const files = JSON.parse(out) as Readonly<Record<string, string>>
  return Object.entries(files)
    .filter(([file]) => file.endsWith('.yaml'))
    .flatMap(([, text]) => parseAllDocuments(text))
    .flatMap((document) => {
      const object = document.toJS() as Rendered | null
      return object === null ? [] : [object]
    })
}

const PLURALS: Readonly<Record<string, string>> = {
  NetworkPolicy: 'networkpolicies',
}

export function placeOf({ apiVersion, kind, metadata }: Rendered): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`
  const within = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`
  return `${root}${within}/${PLURALS[kind] ?? `${kind.toLowerCase()}s`}`
}
