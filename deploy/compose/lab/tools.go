//go:build tools

// Package composeparser pins the release of Docker Compose that checks our file where there is no container engine.
package composeparser

import _ "github.com/docker/compose/v2/cmd"
