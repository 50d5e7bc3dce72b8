/**
 * ExtendFsField: despite its name, the software's configuration, a JSON list of files with their properties (reference:
 * tencent-emr.md 2.6). It is kept with the cluster in the form that it was checked in.
 */
import type { ConfigurationFile } from '../../../../domain/cluster/spec.ts'
import { readJson } from '../../../../shape/json-text.ts'
import { componentOf } from '../../catalogue/component.ts'
import type { Chosen } from '../../catalogue/software.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import { configurationExample } from './example.ts'
import { given, invalid } from '../refusal.ts'

/** Throws InvalidExtendField or InvalidServiceName. */
export function readConfiguration(
  field: string | undefined,
  chosen: readonly Chosen[],
): readonly ConfigurationFile[] {
  const text = given(field)
  if (text === undefined) return []
  const items = parseList(text)
  return items.map((item, index) => readFile(item, `item ${index}`, chosen))
}

const NAME = 'ExtendFsField'
const EXAMPLE = configurationExample
const ITEMS_MAX = 100
const MEMBERS = ['serviceName', 'classification', 'serviceVersion', 'properties']
/** The files that the documentation lists; other services take any file with a usual ending. */
const FILES: ReadonlyMap<string, readonly string[]> = new Map([
  ['HDFS', ['core-site.xml', 'hdfs-site.xml', 'hadoop-env.sh', 'log4j.properties']],
  [
    'YARN',
    [
      'yarn-site.xml',
      'mapred-site.xml',
      'fair-scheduler.xml',
      'capacity-scheduler.xml',
      'yarn-env.sh',
      'mapred-env.sh',
    ],
  ],
  ['HIVE', ['hive-site.xml', 'hive-env.sh', 'hive-log4j2.properties']],
])
/** Of those that name no service. */
const OWN_FILES: ReadonlyMap<string, readonly string[]> = new Map([
  ...FILES,
  ['SPARK', ['spark-defaults.conf', 'spark-env.sh']],
])

/** The service that a file is known for; undefined for others. */
export function serviceOfFile(file: string): string | undefined {
  return [...OWN_FILES].find(([, files]) => files.includes(file))?.[0]
}

const FILE = /^[\w.-]{1,64}\.(xml|sh|properties|conf|cfg|ini|yaml|yml|json|cnf)$/

/** What of the field is wrong. Values of properties may be secret, so the field is never repeated as a whole. */
interface Wrong {
  readonly rule: string
  readonly value?: string
}

function parseList(text: string): readonly unknown[] {
  const read = readJson(Buffer.from(text))
  if ('problem' in read) {
    const rule = read.problem === 'not JSON' ? 'it must be JSON' : `it is ${read.problem}`
    throw extendField({ rule })
  }
  const { value } = read
  if (!Array.isArray(value))
    throw extendField({ rule: 'it must be a JSON list of configuration files' })
  if (value.length > ITEMS_MAX) {
    const rule = `it must have at most ${ITEMS_MAX} items`
    throw extendField({ rule, value: `${value.length} items` })
  }
  return value
}

function readFile(item: unknown, where: string, chosen: readonly Chosen[]): ConfigurationFile {
  if (!isRecord(item)) throw extendField({ rule: `${where} must be an object` })
  const unknown = Object.keys(item).find((name) => !MEMBERS.includes(name))
  if (unknown !== undefined) {
    const rule = `${where} has an unknown member; there are ${MEMBERS.join(', ')}`
    throw extendField({ rule, value: unknown })
  }
  const { serviceName, serviceVersion, properties } = item
  if (typeof serviceName !== 'string') throw extendField({ rule: `${where} has no serviceName` })
  const component = componentOf(serviceName.toLowerCase())
  const own = chosen.find((one) => one.component === component?.name)
  if (component === undefined || own === undefined || serviceName !== serviceName.toUpperCase()) {
    const names = chosen.map((one) => one.component.toUpperCase())
    throw invalid({
      name: NAME,
      code: 'InvalidParameter.InvalidServiceName',
      rule: `serviceName must be a component of the cluster in upper case: ${listed(names)}`,
      value: serviceName,
      example: EXAMPLE,
    })
  }
  if (serviceVersion !== undefined && serviceVersion !== own.version) {
    const rule = `the serviceVersion of ${serviceName} must be ${own.version}`
    const value = typeof serviceVersion === 'string' ? serviceVersion : 'no text'
    throw extendField({ rule, value })
  }
  return {
    service: serviceName,
    version: own.version,
    file: readFileName(item['classification'], serviceName),
    properties: readProperties(properties, where),
  }
}

function readFileName(classification: unknown, serviceName: string): string {
  const files = FILES.get(serviceName)
  if (
    typeof classification === 'string' &&
    (files?.includes(classification) ?? FILE.test(classification))
  )
    return classification
  const rule = files ? `be one of ${listed(files)}` : 'name a configuration file'
  throw extendField({
    rule: `the classification of ${serviceName} must ${rule}`,
    value: typeof classification === 'string' ? classification : 'absent',
  })
}

function readProperties(value: unknown, where: string): Record<string, string> {
  if (!isRecord(value) || Object.keys(value).length === 0)
    throw extendField({ rule: `${where} has no properties` })
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const plain =
        typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean'
      if (!plain)
        throw extendField({ rule: `the properties of ${where} must be flat`, value: name })
      return [name, String(each)]
    }),
  )
}

function extendField(wrong: Wrong) {
  const code = 'InvalidParameter.InvalidExtendField'
  return invalid({ name: NAME, code, ...wrong, example: EXAMPLE })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
