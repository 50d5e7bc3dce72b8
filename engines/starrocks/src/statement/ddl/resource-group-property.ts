/** What a resource group is said to be: its properties and classifiers, checked as StarRocks does. reference: StarRocks 3.3.7, ResourceGroupAnalyzer */
import type { Catalog } from '../../catalog/catalog.ts'
import { blockOf } from '../../catalog/resource-group.ts'
import type { Classifier, GroupLimits, GroupType, QueryType } from '../../catalog/resource-group.ts'
import type { Expression, Property } from '../../sql/ast.ts'
import { printExpression } from '../../sql/print.ts'
import { analyzingError, unsupportedByEngine } from '../../sql/sql-error.ts'

const refuse = (text: string): never => {
  throw analyzingError(`${text}.`)
}

const INT_MAX = 2 ** 31 - 1
const LONG_MAX = 2n ** 63n - 1n
const CPU_SECONDS_MAX = LONG_MAX / 1_000_000_000n

export interface GroupProperties {
  readonly limits: GroupLimits
  readonly type: GroupType | undefined
}

/** `cores` are those of a worker. */
export function groupProperties(written: readonly Property[], cores: number): GroupProperties {
  let limits: GroupLimits = {}
  let type: GroupType | undefined
  for (const property of written) {
    const name = property.name.toLowerCase()
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (name === 'type') type = typeOf(property.value)
    else if (read) limits = { ...limits, ...read(property, cores) }
    else refuse(`Unknown property: ${property.name}`)
  }
  return { limits, type }
}

type Reader = (property: Property, cores: number) => GroupLimits

const weight: Reader = (property, cores) => {
  const cpuWeight = int(property)
  if (cpuWeight > cores) refuse(`cpu_weight should range from 0 to ${cores}`)
  return { cpuWeight }
}

const readers: Readonly<Record<string, Reader>> = {
  cpu_weight: weight,
  cpu_core_limit: weight,
  exclusive_cpu_cores(property, cores) {
    const exclusiveCpuCores = int(property)
    if (exclusiveCpuCores >= cores)
      refuse(
        `exclusive_cpu_cores cannot exceed the minimum number of CPU cores available on the backends minus one [${cores - 1}]`,
      )
    return { exclusiveCpuCores }
  },
  max_cpu_cores(property, cores) {
    const maxCpuCores = int(property)
    if (maxCpuCores > cores) refuse(`max_cpu_cores should range from 0 to ${cores}`)
    return { maxCpuCores }
  },
  mem_limit(property) {
    const memLimit = share(property)
    if (!(memLimit > 0 && memLimit <= 1))
      refuse('mem_limit should range from 0.00(exclude) to 1.00(include)')
    return { memLimit }
  },
  spill_mem_limit_threshold(property) {
    const spillMemLimitThreshold = share(property)
    if (!(spillMemLimitThreshold > 0 && spillMemLimitThreshold < 1))
      refuse('spill_mem_limit_threshold should range from 0.00(exclude) to 1.00(exclude)')
    return { spillMemLimitThreshold }
  },
  concurrency_limit(property) {
    const concurrencyLimit = int(property)
    if (concurrencyLimit < 0) refuse('concurrency_limit should be greater than 0')
    return { concurrencyLimit }
  },
  big_query_mem_limit: (property) => ({ bigQueryMemLimit: notNegative(property) }),
  big_query_scan_rows_limit: (property) => ({ bigQueryScanRowsLimit: notNegative(property) }),
  big_query_cpu_second_limit(property) {
    const seconds = long(property)
    if (seconds < 0n || seconds > CPU_SECONDS_MAX)
      refuse(`The range of \`big_query_cpu_second_limit\` should be (0, ${CPU_SECONDS_MAX}]`)
    return { bigQueryCpuSecondLimit: String(seconds) }
  },
}

/** Kept and shown, and nothing more: DuckDB divides no processors, and spills at its own limit. */
export const idleGroupProperties: readonly string[] = [
  'cpu_weight',
  'cpu_core_limit',
  'exclusive_cpu_cores',
  'max_cpu_cores',
  'spill_mem_limit_threshold',
]

function typeOf(value: string): GroupType {
  const type = value.toUpperCase()
  if (type === 'NORMAL' || type === 'MV' || type === 'SHORT_QUERY') return type
  return refuse("Only support 'normal', 'mv' and 'short_query' type")
}

function notNumeric({ name, value }: Property): never {
  return refuse(
    `The value type of the property \`${name}\` must be a valid numeric type, but it is set to \`${value}\``,
  )
}

function int(property: Property): number {
  const number = /^[+-]?\d+$/.test(property.value) ? Number(property.value) : NaN
  return number >= -INT_MAX - 1 && number <= INT_MAX ? number : notNumeric(property)
}

function long(property: Property): bigint {
  if (!/^[+-]?\d{1,19}$/.test(property.value)) return notNumeric(property)
  const number = BigInt(property.value.replace('+', ''))
  return number >= -LONG_MAX - 1n && number <= LONG_MAX ? number : notNumeric(property)
}

function notNegative(property: Property): string {
  const number = long(property)
  return number < 0n
    ? refuse(`${property.name.toLowerCase()} should greater than 0 or equal to 0`)
    : String(number)
}

function share(property: Property): number {
  const isPercent = property.value.endsWith('%')
  const text = isPercent ? property.value.slice(0, -1) : property.value
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text)) return notNumeric(property)
  return Number(text) / (isPercent ? 100 : 1)
}

/** reference: ResourceGroup.validateCpuParameters */
export function checkProcessors({ cpuWeight = 0, exclusiveCpuCores = 0 }: GroupLimits): void {
  if (cpuWeight <= 0 && exclusiveCpuCores <= 0)
    refuse("property 'cpu_weight' or 'exclusive_cpu_cores' must be positive")
  if (cpuWeight > 0 && exclusiveCpuCores > 0)
    refuse(
      "property 'cpu_weight' and 'exclusive_cpu_cores' cannot be present and positive at the same time",
    )
}

/** Letters first: as StarRocks reads them, though its users may be called otherwise. */
const USER = /^[a-zA-Z][a-zA-Z0-9_]{1,63}\/?[.a-zA-Z0-9_-]{0,63}$/

/** Without its id. */
export function classifierOf(
  catalog: Catalog,
  conditions: readonly Expression[],
): Omit<Classifier, 'id'> {
  let found: Omit<Classifier, 'id'> = {}
  for (const condition of conditions) found = { ...found, ...conditionOf(catalog, condition) }
  if (Object.keys(found).length === 0)
    refuse(
      "At least one of ('user', 'role', 'query_type', 'db', 'source_ip', 'plan_cpu_cost_range', 'plan_mem_cost_range') should be given",
    )
  return found
}

function conditionOf(catalog: Catalog, condition: Expression): Omit<Classifier, 'id'> {
  const text = printExpression(condition)
  if (condition.kind === 'in' && !condition.negated) {
    const name = nameOf(condition.operand)
    const values = condition.list.map((item) => (item.kind === 'string' ? item.value : undefined))
    if (name === undefined || values.includes(undefined))
      return refuse(`Illegal classifier specifier: '${text}'`)
    if (name !== 'query_type') return refuse(`Unsupported classifier specifier: '${name}'`)
    return { queryTypes: [...new Set(values.map((value) => queryType(value ?? '')))] }
  }
  if (condition.kind !== 'binary' || condition.operator !== '=')
    return refuse(`Illegal classifier specifier: '${text}'`)
  const name = nameOf(condition.left)
  if (name === undefined || condition.right.kind !== 'string')
    return refuse(`Illegal classifier '${text}'`)
  const { value } = condition.right
  const read = Object.hasOwn(conditions, name) ? conditions[name] : undefined
  return read
    ? read(value, { catalog, text })
    : refuse(`Unsupported classifier specifier: '${name}'`)
}

type ConditionReader = (
  value: string,
  facts: { readonly catalog: Catalog; readonly text: string },
) => Omit<Classifier, 'id'>

/** A plan has another cost here than StarRocks gives it. */
const cost =
  (name: string): ConditionReader =>
  () => {
    throw unsupportedByEngine(`The classifier ${name}`)
  }

const conditions: Readonly<Record<string, ConditionReader>> = {
  user: (user, { text }) =>
    USER.test(user) ? { user } : refuse(`Illegal classifier specifier 'user': '${text}'`),
  role: (role, { text }) =>
    /^\w+$/.test(role) ? { role } : refuse(`Illegal classifier specifier 'role': '${text}'`),
  source_ip: (sourceIp) =>
    blockOf(sourceIp) ? { sourceIp } : refuse(`Could not parse [${sourceIp}]`),
  db: (value, { catalog }) => ({
    databaseIds: value
      .split(',')
      .map(
        (name) => catalog.database(name)?.id ?? refuse(`Specified database not exists: ${name}`),
      ),
  }),
  plan_cpu_cost_range: cost('plan_cpu_cost_range'),
  plan_mem_cost_range: cost('plan_mem_cost_range'),
}

const nameOf = (expression: Expression): string | undefined =>
  expression.kind === 'column' && expression.path.length === 1
    ? expression.path[0]?.toLowerCase()
    : undefined

function queryType(value: string): QueryType {
  const type = value.toUpperCase()
  return type === 'SELECT' || type === 'INSERT'
    ? type
    : refuse(`Unsupported query_type: '${value}'`)
}
