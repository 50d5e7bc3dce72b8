/** The rights that Emrys needs in a namespace that somebody made for it, by those that it needs where it makes its own. */
export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

const OF_CLUSTER = ['namespaces', 'storageclasses']
/** What goes there by itself with a namespace. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  secrets: ['delete'],
  networkpolicies: ['list', 'delete'],
  poddisruptionbudgets: ['list'],
}

export function listedRules(rules: readonly Rule[]): readonly Rule[] {
  return rules
    .filter(({ resources: [resource = ''] }) => !OF_CLUSTER.includes(resource))
    .map((rule) => ({ ...rule, verbs: [...rule.verbs, ...(MORE[rule.resources[0] ?? ''] ?? [])] }))
}
