/** Names by which a client tells the nodes of a role apart; read back as NodeMark (reference: tencent-emr.md 7.1, api.json NodeMark). */
import { zoneOf } from '../../catalogue/region.ts'
import type { NodeMarkInput } from '../cluster/create-shape.ts'
import { invalid } from '../refusal.ts'

export interface MarkedNodes {
  readonly role: string
  readonly count: number
}

/** The names of the nodes of each role, in their order. Throws InvalidParameterValue. */
export function readMarks(
  marks: readonly NodeMarkInput[] | undefined,
  it: { readonly zone: string; readonly nodes: readonly MarkedNodes[] },
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const [at, mark] of (marks ?? []).entries()) {
    const [role, names] = readMark(mark, { ...it, name: `NodeMarks.${at}` })
    if (found.has(role)) {
      const rule = 'each role is marked once'
      throw refused(`NodeMarks.${at}.NodeType`, { rule, value: role, example: null })
    }
    found.set(role, names)
  }
  return found
}

/** The names that one entry, called `name`, has for the nodes of a role. */
export function readMark(
  { NodeType: type = '', NodeNames: names = [], Zone: zone = '' }: NodeMarkInput,
  it: {
    readonly name: string
    readonly zone: string
    readonly nodes: readonly MarkedNodes[]
  },
): readonly [role: string, names: readonly string[]] {
  const of = it.nodes.find(({ role }) => role === type.trim().toLowerCase())
  if (!of) {
    const roles = it.nodes.map(({ role }) => role).join(', ')
    const rule = `it must be a role that has nodes: ${roles}`
    const example = it.nodes[0]?.role
    throw refused(`${it.name}.NodeType`, { rule, value: type, example })
  }
  if (names.length !== of.count) {
    const rule = `there must be one name for each of the ${of.count} nodes`
    const example = Array.from({ length: of.count }, (_, at) => `${of.role}-${at}`)
    throw refused(`${it.name}.NodeNames`, { rule, value: names, example })
  }
  if (zone.trim() !== '' && zoneOf(zone)?.zone.name !== it.zone)
    throw refused(`${it.name}.Zone`, {
      rule: `the nodes stand in ${it.zone}`,
      value: zone,
      example: it.zone,
    })
  return [of.role, names]
}

function refused(
  name: string,
  it: { readonly rule: string; readonly value: unknown; readonly example: unknown },
) {
  return invalid({ name, code: 'InvalidParameterValue', ...it })
}
