/**
 * Reads notes that an earlier version left. Version 1 knew one process for a whole instance, called `engine`, and not what its
 * nodes run: such an instance is taken over as it is, and the first `apply` records the rest without a restart. Pure.
 */
import { NOTE_VERSION, type InstanceNote } from './instance-note.ts'

interface InstanceNote1 {
  readonly id: string
  readonly family: string
  readonly generation: number
  readonly host: string
  readonly ports: readonly number[]
  readonly groups: readonly {
    readonly id: string
    readonly nodes: readonly { readonly id: string; readonly address: string }[]
  }[]
  readonly prepared?: true
  readonly endingMs?: number
}

export function upgraded(note: InstanceNote | InstanceNote1): InstanceNote {
  if ('version' in note) return note
  const { id, family, generation, host, ports, prepared, endingMs } = note
  const unknown = { role: '', group: '', zone: '' }
  return {
    version: NOTE_VERSION,
    id,
    family,
    generation,
    running: true,
    host,
    groups: note.groups.map((group) => ({
      id: group.id,
      nodes: group.nodes.map((node, index) => ({ ...node, ...unknown, index })),
    })),
    processes: [
      {
        name: 'engine',
        role: 'engine',
        host,
        ports,
        // The files were numbered by the cluster's generation.
        revision: prepared ? generation : 0,
        loads: [],
        restarts: {},
        ...(prepared ? { started: true } : {}),
      },
    ],
    ...(endingMs === undefined ? {} : { endingMs }),
  }
}
