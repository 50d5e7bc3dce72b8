{{- define "emrys.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{- define "emrys.selector" -}}
app.kubernetes.io/name: emrys
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "emrys.labels" -}}
{{ include "emrys.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "emrys.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- /* The groups of operators' resources by product: rules of those that are not wanted are left out. */}}
{{- define "emrys.groups" -}}
starrocks: [starrocks.com]
clickhouse: [clickhouse.altinity.com, clickhouse-keeper.altinity.com]
kafka: [kafka.strimzi.io]
doris: [doris.selectdb.com]
stackable: [zookeeper.stackable.tech, hdfs.stackable.tech, hbase.stackable.tech]
{{- end }}

{{- /* Of the rules above, those for a namespace that somebody made, with what goes by itself where Emrys makes its own. */}}
{{- define "emrys.listedRules" -}}
{{- $more := dict "secrets" (list "delete") "networkpolicies" (list "list" "delete") "poddisruptionbudgets" (list "list") }}
{{- $rules := list }}
{{- range include "emrys.rules" . | fromYamlArray }}
{{- $resource := first .resources }}
{{- if not (has $resource (list "namespaces" "storageclasses")) }}
{{- $verbs := concat .verbs (get $more $resource | default list) }}
{{- $rules = append $rules (dict "apiGroups" .apiGroups "resources" .resources "verbs" $verbs) }}
{{- end }}
{{- end }}
{{- toYaml $rules }}
{{- end }}

{{- /* The rules of access.yaml, which is what Emrys asks for and is tested by itself: one source for both. */}}
{{- define "emrys.rules" -}}
{{- $unwanted := list }}
{{- range $product, $groups := include "emrys.groups" . | fromYaml }}
{{- if not (has $product $.Values.kubernetes.products) }}
{{- $unwanted = concat $unwanted $groups }}
{{- end }}
{{- end }}
{{- $rules := list }}
{{- range .Files.Get "access.yaml" | splitList "\n---\n" }}
{{- $object := fromYaml . }}
{{- if eq $object.kind "ClusterRole" }}
{{- range $object.rules }}
{{- if not (has (first .apiGroups) $unwanted) }}
{{- $rules = append $rules . }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml $rules }}
{{- end }}
