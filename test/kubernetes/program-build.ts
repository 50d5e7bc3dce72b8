/** Builds what the tests here run and no registry has built, before they need it: `.ci/run` lets that happen beside other tests. */
import { CHART_SOURCE } from './chart-object.ts'
import { CONTROL_PLANE_SOURCE } from './control-plane.ts'
import { builtProgram } from './go-program.ts'

for (const source of [CONTROL_PLANE_SOURCE, CHART_SOURCE]) builtProgram(source)
