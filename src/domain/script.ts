/**
 * Scripts of a client's own that run on the nodes of a cluster while it is created. They are run in order: all of one moment
 * before all of the next, each on every node before the next one begins.
 */

/** When: the nodes are there; all is ready for the engine to start; the engine has answered. */
export const scriptMoments = ['nodes-ready', 'before-start', 'after-start'] as const
export type ScriptMoment = (typeof scriptMoments)[number]

export interface Script {
  /** Unique within its cluster. The secrets `ID.keyId` and `ID.key` of the cluster open the storage that it lies in. */
  readonly id: string
  readonly name: string
  readonly uri: string
  readonly args: readonly string[]
  /** What its client noted about it. */
  readonly remark: string
  readonly moment: ScriptMoment
  /** As its client numbered it; scripts of one moment run in ascending order. */
  readonly order: number
}

/** In the order in which they run; those of one moment and number stay as they were given. */
export function inOrder<S extends Pick<Script, 'moment' | 'order'>>(
  scripts: readonly S[],
): readonly S[] {
  const rank = ({ moment }: S) => scriptMoments.indexOf(moment)
  return [...scripts].sort((one, other) => rank(one) - rank(other) || one.order - other.order)
}

/** Whether the engine waits for it. */
export function isBeforeStart({ moment }: Pick<Script, 'moment'>): boolean {
  return moment !== 'after-start'
}

/** What nodes go through until they serve. */
export function startSteps(scripts: readonly Script[]): readonly string[] {
  const early = scripts.some(isBeforeStart) ? ['scripts-before'] : []
  const late = scripts.every(isBeforeStart) ? [] : ['scripts-after']
  return ['allocate', ...early, 'start', ...late, 'verify']
}
