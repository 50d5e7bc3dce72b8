/** Changes within a request's parameters: types, values, nesting, lengths, duplicates, missing and additional members. */
import type { Dice } from './dice.ts'
import { isObject, type Fields } from './verdict.ts'

type Path = readonly (string | number)[]

const NUMBERS = [
  0,
  -1,
  1,
  2,
  3,
  7,
  9,
  20,
  21,
  50,
  99,
  100,
  101,
  255,
  256,
  3599,
  3600,
  65_535,
  65_536,
  1e6,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 53 - 1,
  2 ** 53,
  1e15,
  1e16,
  1e21,
  1e300,
  0.5,
  -0,
  1.0000000001,
  8.5,
]
const TEXTS = [
  '',
  ' ',
  '\t\n',
  '0',
  '-1',
  '1',
  '00',
  '1e3',
  '0x10',
  '1.0',
  '+5',
  '９',
  'null',
  'undefined',
  'true',
  'NaN',
  '__proto__',
  'constructor',
  'toString',
  '集群',
  'ключ',
  'é',
  'e\u0301',
  '👩‍👩‍👧',
  '\u0000',
  '\u001b[31m',
  '\u202e',
  '\ufeff',
  '\ud800',
  '%00',
  '%',
  "' or 1=1--",
  '${7*7}',
  '../../etc/passwd',
  '<script>',
  'a,b',
  '[]',
  '{}',
  '[1',
  '{"a":1}',
  '"',
  'vpc-',
  'subnet-x',
  'sg-',
  'vsw-1',
  'rg-',
  'emr-00000000',
  'c-0000000000000000',
  'http://x',
  'jdbc:mysql://127.0.0.1:1/d',
  'cosn://',
  'pl1',
  'PL2',
  'standard',
  'Month',
  'Year',
  's',
  'm',
  'CLOUD_HSSD',
]

/** Names of both documents, so that members turn up where they do not belong. */
const NAMES = [
  'ProductId',
  'Software',
  'ResourceSpec',
  'SupportHA',
  'PayMode',
  'TimeUnit',
  'Tags',
  'TagKey',
  'TagValue',
  'Key',
  'Value',
  'Zone',
  'ZoneId',
  'RegionId',
  'Cu',
  'cu',
  'specType',
  'SpecType',
  'storageSize',
  'VswId',
  'MultiDisks',
  'Count',
  'Volume',
  'InstanceType',
  'SceneName',
  'VersionID',
  'MultiZoneSettings',
  'EnableMultiAz',
  'ClientToken',
  'clientToken',
  'PageSize',
  'PageNumber',
  'Offset',
  'Limit',
  'Filters',
  'InstanceIds',
  'InstanceId',
  'MetaType',
  'UnifyMetaInstanceId',
  'MetaDBInfo',
  'Encrypted',
  'AgentNodeGroup',
  'ObserverNodeGroups',
  'Surprise',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '0',
  '',
  'a.b',
]

/** The same parameters with so many changes. */
export function mutated(it: Dice, parameters: Fields, changes: number): Fields {
  let root: unknown = structuredClone(parameters)
  for (let n = 0; n < changes; n++) {
    const paths = [...pathsOf(root, [])]
    if (paths.length === 0) break
    root = changed(it, root, it.pick(paths))
  }
  return isObject(root) ? root : parameters
}

function changed(it: Dice, root: unknown, path: Path): unknown {
  switch (it.below(12)) {
    case 0:
      return replaced(root, path, () => undefined)
    case 1:
      return replaced(root, path, () => junk(it, 2))
    case 2:
      return replaced(root, path, (value) => [value])
    case 3:
      return replaced(root, path, (value) => ({ [it.pick(NAMES)]: value }))
    case 4:
      return added(it, root, path)
    case 5:
      return renamed(it, root, path)
    case 6:
      return replaced(root, path, (value) => (Array.isArray(value) ? repeated(it, value) : value))
    case 7:
      return swapped(it, root, path)
    default:
      return replaced(root, path, (value) => near(it, value))
  }
}

/** A value of the same kind that is near to it, or at a bound. */
function near(it: Dice, value: unknown): unknown {
  if (typeof value === 'number')
    return it.pick([
      value + 1,
      value - 1,
      -value,
      value * 10,
      value / 3,
      String(value),
      it.pick(NUMBERS),
    ])
  if (typeof value === 'string') return nearText(it, value)
  if (typeof value === 'boolean') return it.pick([!value, String(value), value ? 1 : 0, null])
  if (Array.isArray(value)) return it.pick([[], value.toReversed(), [...value, junk(it, 1)], null])
  return junk(it, 2)
}

function nearText(it: Dice, value: string): unknown {
  const at = it.below(value.length + 1)
  switch (it.below(9)) {
    case 0:
      return value.slice(0, at) + it.pick(TEXTS) + value.slice(at)
    case 1:
      return value.slice(0, at)
    case 2:
      return value.repeat(it.between(2, 40))
    case 3:
      return it.pick([value.toUpperCase(), value.toLowerCase(), ` ${value}`, `${value}\n`])
    case 4:
      return Number(value)
    case 5:
      return 'x'.repeat(it.pick([1, 5, 6, 36, 37, 64, 65, 127, 128, 129, 255, 256, 1000, 70_000]))
    case 6:
      return value.split('').toReversed().join('')
    default:
      return it.pick(TEXTS)
  }
}

function junk(it: Dice, depth: number): unknown {
  switch (it.below(depth > 0 ? 8 : 5)) {
    case 0:
      return null
    case 1:
      return it.pick(NUMBERS)
    case 2:
      return it.pick(TEXTS)
    case 3:
      return it.chance(0.5)
    case 4:
      return it.pick([{}, []])
    case 5:
      return Array.from({ length: it.pick([1, 2, 3, 30]) }, () => junk(it, depth - 1))
    case 6:
      return nested(it.pick([5, 50, 500]))
    default:
      return Object.fromEntries(
        it.some(NAMES, it.between(1, 4)).map((name) => [name, junk(it, depth - 1)]),
      )
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let n = 0; n < depth; n++) value = n % 2 === 0 ? [value] : { a: value }
  return value
}

function repeated(it: Dice, value: readonly unknown[]): unknown[] {
  const times = it.pick([2, 2, 2, 5, 17, 25])
  return Array.from({ length: times }, () => value).flat()
}

function added(it: Dice, root: unknown, path: Path): unknown {
  return replaced(root, path, (value) => {
    if (Array.isArray(value)) return [...value, junk(it, 1)]
    return isObject(value) ? { ...value, [it.pick(NAMES)]: junk(it, 1) } : near(it, value)
  })
}

function renamed(it: Dice, root: unknown, path: Path): unknown {
  const last = path.at(-1)
  if (typeof last !== 'string') return root
  const name = it.pick([
    last.toLowerCase(),
    last.toUpperCase(),
    `${last} `,
    `${last}s`,
    `${last.charAt(0).toLowerCase()}${last.slice(1)}`,
    it.pick(NAMES),
  ])
  return replaced(root, path.slice(0, -1), (owner) => {
    if (!isObject(owner)) return owner
    const entries = Object.entries(owner).map(([key, value]) => [key === last ? name : key, value])
    return Object.fromEntries(entries) as unknown
  })
}

/** The value takes another one's place. */
function swapped(it: Dice, root: unknown, path: Path): unknown {
  const other = it.pick([...pathsOf(root, [])])
  const taken = valueAt(root, other)
  return replaced(root, path, () => structuredClone(taken))
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, name) => (value as Record<string | number, unknown>)[name],
    root,
  )
}

function replaced(root: unknown, [name, ...rest]: Path, by: (value: unknown) => unknown): unknown {
  if (name === undefined) return by(root)
  if (Array.isArray(root)) {
    const items = root.map((item: unknown, at) => (at === name ? replaced(item, rest, by) : item))
    return items.filter((item) => item !== undefined)
  }
  if (!isObject(root)) return root
  const entries = Object.entries(root).map(
    ([key, value]) => [key, key === name ? replaced(value, rest, by) : value] as const,
  )
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

function* pathsOf(value: unknown, path: Path): Generator<Path> {
  if (path.length > 6) return
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value).slice(0, 60))
    yield* pathsOf(member, [...path, Array.isArray(value) ? Number(name) : name])
}
