/**
 * Spec types: what kind of machine a node group runs on. Groups with cloud disks choose CUs and disks freely; groups with
 * local disks take a machine type, which brings its cores and disks. Facts: reference alibaba-starrocks.md 4.2, 6.9, 11.2.
 */

import data from './instance-types.json' with { type: 'json' }
import type { Architecture, Component, LocalType, PackageType, SpecType } from './schema.ts'

export const specTypes = data.specTypes as unknown as readonly SpecType[]
export const localTypes = data.localTypes as unknown as readonly LocalType[]

/** What groups with cloud disks show as their local storage type. */
export const nonLocalStorage = 'non_local_storage'

/** The type of all cloud disks: no zone sells elastic ephemeral ones. */
export const cloudDiskType = 'essd'

export function specTypeOf(name: string): SpecType | undefined {
  return specTypes.find((type) => type.name === name)
}

/** The spec types that a component may have in an edition. */
export function specTypesFor(component: Component, packageType: PackageType): readonly SpecType[] {
  return specTypes.filter(
    (type) => type.components.includes(component) && type.packageTypes.includes(packageType),
  )
}

export function hasLocalDisks(specType: string): boolean {
  return localTypes.some((type) => type.specType === specType)
}

export function localTypeOf(instanceType: string): LocalType | undefined {
  return localTypes.find((type) => type.instanceType === instanceType)
}

export function localTypesFor(specType: string): readonly LocalType[] {
  return localTypes.filter((type) => type.specType === specType)
}

/** Local disks are on ECS, everything else on ECI: an instance is where its compute groups are. */
export function architectureOf(specType: string): Architecture {
  return specTypeOf(specType)?.architecture ?? 'onEci'
}

/** GiB of memory per CU: 8 when memory-enhanced, else 4. */
export function memoryCpuRatioOf(specType: string): number {
  return specTypeOf(specType)?.memoryCpuRatio ?? 4
}
