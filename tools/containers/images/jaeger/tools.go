//go:build tools

// Package jaeger pins the release of Jaeger that stands for its image.
package jaeger

import _ "github.com/jaegertracing/jaeger/cmd/jaeger"
