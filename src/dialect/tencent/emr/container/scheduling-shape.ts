/** What a scheduler of pods goes by, as requests write it (reference: api.json, NodeAffinity, PodAffinitySpec, TopologySpreadConstraint). */
import { integer, list, object, optional, text } from '../../../../shape/shape.ts'

const MANY = { max: 50 }
const word = optional(text({ max: 256 }))

const requirement = object({
  Key: word,
  Operator: word,
  Values: optional(list(text({ max: 256 }), MANY)),
})
const requirements = optional(list(requirement, MANY))

const selectorTerm = object({ MatchExpressions: requirements })

export const nodeAffinity = object({
  RequiredDuringSchedulingIgnoredDuringExecution: optional(
    object({ NodeSelectorTerms: optional(list(selectorTerm, MANY)) }),
  ),
  PreferredDuringSchedulingIgnoredDuringExecution: optional(
    list(object({ Weight: optional(integer()), Preference: optional(selectorTerm) }), MANY),
  ),
})

export const stringMap = object({ Key: word, Value: word })

const labelSelector = optional(
  object({ MatchLabels: optional(list(stringMap, MANY)), MatchExpressions: requirements }),
)

const podTerm = object({
  LabelSelector: labelSelector,
  Namespaces: optional(list(text({ max: 256 }), MANY)),
  TopologyKey: word,
  NamespaceSelector: labelSelector,
})

export const podAffinity = object({
  RequiredDuringSchedulingIgnoredDuringExecution: optional(list(podTerm, MANY)),
  PreferredDuringSchedulingIgnoredDuringExecution: optional(
    list(object({ Weight: optional(integer()), PodAffinityTerm: optional(podTerm) }), MANY),
  ),
})

export const spreadConstraint = object({
  MaxSkew: optional(integer()),
  TopologyKey: word,
  WhenUnsatisfiable: word,
  LabelSelector: labelSelector,
  MinDomains: optional(integer()),
  NodeAffinityPolicy: word,
  NodeTaintsPolicy: word,
  MatchLabelKeys: optional(list(text({ max: 256 }), MANY)),
})
