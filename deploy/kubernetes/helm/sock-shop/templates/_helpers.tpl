{{- define "image" -}}
{{- $values := (index . 0).Values -}}
{{- $name := index . 1 -}}
{{- (index $values.services $name).image | default (printf "%s%s:%s" $values.image.prefix $name (toString $values.image.tag)) -}}
{{- end }}

{{- define "every-service" -}}
ZIPKIN: {{ printf "%s/api/v2/spans" .Values.zipkin.url | quote }}
{{- range $name, $value := .Values.env }}
{{ $name }}: {{ $value | quote }}
{{- end }}
{{- end }}

{{- /* Another name for other contents, so that a change restarts the pods. */}}
{{- define "every-service-name" -}}
every-service-{{ include "every-service" . | sha256sum | trunc 10 }}
{{- end }}
