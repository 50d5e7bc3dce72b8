/**
 * The section `kubernetes` of a declared environment: what the administrator of the Kubernetes cluster has there for the levels of disks, zones and
 * subnets of the clouds, and where images come from. What is not declared is as the settings of the same name say.
 */
import type { DeclaredYaml, Node } from './yaml.ts'

type Pairs = Readonly<Record<string, string>>

export interface DeclaredKubernetes {
  readonly storageClasses?: Pairs
  /** The same for disks that are encrypted. */
  readonly encryptedStorageClasses?: Pairs
  readonly zones?: Pairs
  /** The labels of the machines that stand in a subnet. */
  readonly subnets?: Readonly<Record<string, Pairs>>
  /** Likewise of those that a type of machines asks for. */
  readonly machines?: Readonly<Record<string, Pairs>>
  readonly images?: string
  readonly versions?: Pairs
}

const DNS = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/
const LABEL = /^([A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?)$/
const LABEL_NAME = /^([a-z0-9][a-z0-9.-]*\/)?[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/
const VERSION = /^[\w.-]{1,64}$/
const IMAGES = /^[a-z0-9][a-z0-9._:/-]{0,200}$/

export function readKubernetes(yaml: DeclaredYaml, node: Node): DeclaredKubernetes {
  const pairs = (what: string, value: Node, form: RegExp): Pairs => {
    const found = yaml.entries(value, what).flatMap(({ name, node: item }) => {
      const text = yaml.text(item, `${name} of ${what}`)
      if (text === undefined) return []
      if (form.test(text)) return [[name, text] as const]
      yaml.note(item, `${name} of ${what} cannot be ${text}`)
      return []
    })
    return Object.fromEntries(found)
  }
  const readers: Readonly<Record<string, (value: Node, name: string) => DeclaredKubernetes>> = {
    'storage-classes': (value, name) => ({ storageClasses: pairs(name, value, DNS) }),
    'encrypted-storage-classes': (value, name) => ({
      encryptedStorageClasses: pairs(name, value, DNS),
    }),
    zones: (value, name) => ({ zones: pairs(name, value, LABEL) }),
    subnets: (value, name) => ({ subnets: readLabels(yaml, value, name, pairs) }),
    machines: (value, name) => ({ machines: readLabels(yaml, value, name, pairs) }),
    images(value, name) {
      const text = yaml.text(value, name)
      if (text !== undefined && !IMAGES.test(text))
        yaml.note(value, `${name} must be the address of a registry with its path`)
      return text === undefined ? {} : { images: text.replace(/\/$/, '') }
    },
    versions: (value, name) => ({ versions: pairs(name, value, VERSION) }),
  }
  let found: DeclaredKubernetes = {}
  for (const { name, node: value } of yaml.members(node, Object.keys(readers), 'kubernetes'))
    found = { ...found, ...readers[name]?.(value, name) }
  return found
}

function readLabels(
  yaml: DeclaredYaml,
  node: Node,
  what: string,
  pairs: (what: string, value: Node, form: RegExp) => Pairs,
): Readonly<Record<string, Pairs>> {
  const found = yaml.entries(node, what).map(({ name, node: value }) => {
    const labels = pairs(`the labels of ${name}`, value, LABEL)
    const strange = Object.keys(labels).find((label) => !LABEL_NAME.test(label))
    if (strange !== undefined) yaml.note(value, `${strange} cannot be the name of a label`)
    return [name, labels] as const
  })
  return Object.fromEntries(found)
}
