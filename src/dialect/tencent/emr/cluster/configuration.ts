/**
 * ExtendFsField: despite its name, the software's configuration, a JSON list of files with their properties (reference:
 * tencent-emr.md 2.6). It is kept with the cluster in the form that it was checked in.
 */
import type { ConfigurationFile } from '../../../../domain/cluster/spec.ts'
import { readJson } from '../../../../shape/json-text.ts'
import { componentOf } from '../../catalogue/component.ts'
import type { Chosen } from '../../catalogue/software.ts'
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
const FILE = /^[\w.-]{1,64}\.(xml|sh|properties|conf|cfg|ini|yaml|yml|json|cnf)$/

function parseList(text: string): readonly unknown[] {
  const read = readJson(Buffer.from(text))
  if ('problem' in read)
    throw extendField(read.problem === 'not JSON' ? 'it must be JSON' : `it is ${read.problem}`)
  const { value } = read
  if (!Array.isArray(value)) throw extendField('it must be a JSON list of configuration files')
  if (value.length > ITEMS_MAX) throw extendField(`it must have at most ${ITEMS_MAX} items`)
  return value
}

function readFile(item: unknown, where: string, chosen: readonly Chosen[]): ConfigurationFile {
  if (!isRecord(item)) throw extendField(`${where} must be an object`)
  const unknown = Object.keys(item).find((name) => !MEMBERS.includes(name))
  if (unknown !== undefined) throw extendField(`${where} has an unknown member \`${unknown}\``)
  const { serviceName, classification, serviceVersion, properties } = item
  if (typeof serviceName !== 'string') throw extendField(`${where} has no serviceName`)
  const component = componentOf(serviceName.toLowerCase())
  const own = chosen.find((one) => one.component === component?.name)
  if (component === undefined || own === undefined || serviceName !== serviceName.toUpperCase()) {
    throw invalid({
      name: NAME,
      code: 'InvalidParameter.InvalidServiceName',
      rule: `serviceName must be a component of the cluster in upper case: ${chosen.map((one) => one.component.toUpperCase()).join(', ')}`,
      value: serviceName,
    })
  }
  if (serviceVersion !== undefined && serviceVersion !== own.version) {
    throw extendField(`the serviceVersion of ${serviceName} must be ${own.version}`)
  }
  const files = FILES.get(serviceName)
  const known =
    typeof classification === 'string' &&
    (files?.includes(classification) ?? FILE.test(classification))
  if (!known) {
    const rule = files ? `be one of ${files.join(', ')}` : 'name a configuration file'
    throw extendField(`the classification of ${serviceName} must ${rule}`)
  }
  return {
    service: serviceName,
    version: own.version,
    file: classification,
    properties: readProperties(properties, where),
  }
}

function readProperties(value: unknown, where: string): Record<string, string> {
  if (!isRecord(value)) throw extendField(`${where} has no properties`)
  const entries = Object.entries(value)
  if (entries.length === 0) throw extendField(`${where} has no properties`)
  return Object.fromEntries(
    entries.map(([name, each]) => {
      const plain =
        typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean'
      if (!plain) throw extendField(`the properties of ${where} must be flat`)
      return [name, String(each)]
    }),
  )
}

function extendField(rule: string) {
  return invalid({ name: NAME, code: 'InvalidParameter.InvalidExtendField', rule })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
