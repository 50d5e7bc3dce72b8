/** ALTER SYSTEM as far as it is about nodes, and CANCEL DECOMMISSION. reference: StarRocks.g4 */
import type { AlterSystem } from '../ast-session.ts'
import type { Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { commaList, string } from './name.ts'

type Verb = AlterSystem['verb']
type Role = AlterSystem['role']

const forms: readonly {
  readonly words: readonly string[]
  readonly role: Role
  readonly verbs: readonly Verb[]
}[] = [
  { words: ['FOLLOWER'], role: 'fe', verbs: ['add', 'drop'] },
  { words: ['OBSERVER'], role: 'observer', verbs: ['add', 'drop'] },
  { words: ['BACKEND'], role: 'be', verbs: ['add', 'drop', 'decommission', 'cancel'] },
  { words: ['BACKENDS'], role: 'be', verbs: ['add', 'drop', 'decommission', 'cancel'] },
  { words: ['COMPUTE', 'NODE'], role: 'cn', verbs: ['add', 'drop'] },
  { words: ['COMPUTE', 'NODES'], role: 'cn', verbs: ['add', 'drop'] },
]

const beginnings: Readonly<Record<Verb, readonly string[]>> = {
  add: ['ALTER', 'SYSTEM', 'ADD'],
  drop: ['ALTER', 'SYSTEM', 'DROP'],
  decommission: ['ALTER', 'SYSTEM', 'DECOMMISSION'],
  cancel: ['CANCEL', 'DECOMMISSION'],
}

const verbs = Object.keys(beginnings) as readonly Verb[]

function formAt(cursor: Cursor) {
  return verbs.flatMap((verb) =>
    forms.flatMap(({ words, role, verbs: own }) => {
      const whole = [...beginnings[verb], ...words]
      return own.includes(verb) && cursor.is(...whole) ? [{ verb, role, words: whole }] : []
    }),
  )[0]
}

export const isNodeStatement = (cursor: Cursor): boolean => formAt(cursor) !== undefined

/** At what `isNodeStatement` says yes to. */
export const parseNodeStatement = (cursor: Cursor): Statement => {
  const form = formAt(cursor)
  if (!form) return cursor.fail()
  const { verb, role, words } = form
  cursor.expect(...words)
  const isFrontend = role === 'fe' || role === 'observer'
  const at = cursor.peek().start
  const places = isFrontend ? [string(cursor)] : commaList(cursor, string)
  return {
    kind: 'alterSystem',
    verb,
    role,
    places: places.map(
      (place) => placeOf(place) ?? cursor.refuse(`Invalid host port: ${place}`, at),
    ),
    force: verb === 'drop' && role === 'be' && cursor.take('FORCE'),
  }
}

/** A name or an address, and a port. */
const PLACE = /^([A-Za-z0-9._-]{1,253}|\[[0-9a-fA-F:]{2,39}\]):(\d{1,5})$/

function placeOf(text: string): AlterSystem['places'][number] | undefined {
  const [, host, port] = PLACE.exec(text.trim()) ?? []
  const number = Number(port)
  return host !== undefined && number > 0 && number < 65_536 ? { host, port: number } : undefined
}
