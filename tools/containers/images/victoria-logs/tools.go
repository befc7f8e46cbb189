//go:build tools

// Package victorialogs pins the release of VictoriaLogs that stands for its image.
package victorialogs

import _ "github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs"
