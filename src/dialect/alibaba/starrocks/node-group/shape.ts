/**
 * A node group in a request. Clients write its keys in any case and leave members open in many ways: absent, null, empty,
 * 0 (which Terraform sends for every number that was not set), or for the machine type the text `null`.
 * Facts: reference alibaba-starrocks.md 4.2, 9.3.
 */
import { integer, object, optional, text, type Static } from '../../../../shape/shape.ts'
import {
  completeNodeGroup,
  labelOf,
  type GroupPlace,
  type NodeGroup,
} from '../../catalogue/node-group.ts'

const NUMBER_MAX = 1_000_000
const WORD_MAX = 64

/** Of a group that exists, as long as one that is created with it. */
export const groupDescription = text({
  max: WORD_MAX,
  message: `Description should have at most ${WORD_MAX} characters`,
})

/** `be` stands for compute nodes as well, as in the service's messages. */
export function nodeGroupShape(component: 'FE' | 'BE' | 'OBSERVER') {
  return object(nodeGroupMembers(component))
}

export function nodeGroupMembers(component: 'FE' | 'BE' | 'OBSERVER') {
  const of = ` of ${labelOf(component)}`
  const number = (label: string, example: number) =>
    optional(integer({ min: 0, max: NUMBER_MAX, label: `${label}${of}`, example }))
  const word = (label: string, example: string) =>
    optional(
      text({
        max: WORD_MAX,
        message: `${label}${of} should have at most ${WORD_MAX} characters`,
        example,
      }),
    )
  return {
    cu: number('Cu', 8),
    storageSize: number('Storage size', 200),
    storagePerformanceLevel: word('Storage performance level', 'pl1'),
    diskNumber: number('Disk number', 1),
    residentNodeNumber: number('Number', component === 'OBSERVER' ? 1 : 3),
    specType: word('Spec type', 'standard'),
    localStorageInstanceType: word('Local storage instance type', 'null'),
    zoneId: word('Zone id', component === 'OBSERVER' ? 'cn-hangzhou-h' : 'cn-hangzhou-i'),
    nodeGroupName: word('Node group name', 'reports'),
    description: word('Description', 'for reports'),
  }
}

export type NodeGroupInput = Static<ReturnType<typeof nodeGroupShape>>

/** Every member decided: what was left open is filled in from the catalogue. */
export function decideNodeGroup(input: NodeGroupInput, place: GroupPlace, zone: string): NodeGroup {
  // A group beside the default one may really have no nodes.
  const nodes = place.defaultGroup ? set(input.residentNodeNumber) : input.residentNodeNumber
  return completeNodeGroup(
    {
      cu: set(input.cu),
      residentNodeNumber: nodes,
      storageSize: set(input.storageSize),
      diskNumber: set(input.diskNumber),
      storagePerformanceLevel: set(input.storagePerformanceLevel),
      specType: set(input.specType),
      localStorageInstanceType: set(input.localStorageInstanceType),
      zoneId: set(input.zoneId) ?? zone,
    },
    place,
  )
}

function set<V extends string | number>(value: V | undefined): V | undefined {
  return value === 0 || value === '' ? undefined : value
}
