/** Another number of CUs for every node of a group, and with them of memory. Facts: reference alibaba-starrocks.md 3.2, 4.2. */
import type { GroupResize } from './resize.ts'

export const cu: GroupResize<number> = {
  aspect: 'compute',
  what: 'Cu',
  restarts: true,
  next: ({ now }, target) => ({ ...now, cu: target }),
  shown: (target) => target,
}
