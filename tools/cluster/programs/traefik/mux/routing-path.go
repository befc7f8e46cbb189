package mux

type routingKey string

// RoutingPathKey is where Traefik keeps the path by which it routes, in the context of a request.
const RoutingPathKey = routingKey("path")

// UseRoutingPath changes nothing: rules in the syntax of Traefik 2 see the path as it was sent. Rules of version 3, to which Traefik
// translates routes of the Gateway API, match without this package.
func (r *Router) UseRoutingPath() *Router { return r }
