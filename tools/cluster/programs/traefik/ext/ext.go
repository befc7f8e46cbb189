// Package ext is where builds of Traefik add settings of their own; this one, as Traefik itself, adds none.
package ext

// HTTP has no further setting.
type HTTP struct{}

// Router has no further setting.
type Router struct{}
