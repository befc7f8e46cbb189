#!/usr/bin/env bash
# A private Docker engine for a Debian-like machine without one, for root:
#   engine.sh up DIR [NAMESPACE]   data in DIR, socket DIR/docker.sock; prints the variables to evaluate
#   engine.sh down DIR [NAMESPACE]
# With NAMESPACE it has a bridge, and publishes ports inside this network namespace, which is made where it is missing, with a way out:
# SHOP_HOST is its address for this machine. Without, it has the machine's network and no bridge: for building only.
set -euo pipefail

usage() { echo "usage: engine.sh up DIR [NAMESPACE] | down DIR [NAMESPACE]" >&2; exit 2; }
[ $# -ge 2 ] || usage
verb=$1 dir=$(mkdir -p "$2" && cd "$2" && pwd) namespace=${3:-}
client=/usr/bin/docker # Debian's, with buildx; another `docker` may come first on PATH
socket=$dir/docker.sock
# A pair of interfaces joins the namespace to the machine.
subnet=${SHOP_SUBNET:-10.251.0}
outside=$subnet.1 inside=$subnet.2

make_namespace() {
  ip netns list | grep -qw "$namespace" && return
  ip netns add "$namespace"
  ip -n "$namespace" link set lo up
  ip link add "to-$namespace" type veth peer name outside netns "$namespace"
  ip address add $outside/30 dev "to-$namespace"
  ip link set "to-$namespace" up
  ip -n "$namespace" address add $inside/30 dev outside
  ip -n "$namespace" link set outside up
  ip -n "$namespace" route add default via $outside
  sysctl -q -w net.ipv4.ip_forward=1
  iptables -t nat -C POSTROUTING -s $outside/30 -j MASQUERADE 2> /dev/null ||
    iptables -t nat -A POSTROUTING -s $outside/30 -j MASQUERADE
}

remove_namespace() {
  ip netns list | grep -qw "$namespace" || return 0
  ip netns delete "$namespace" # and its interfaces
  iptables -t nat -D POSTROUTING -s $outside/30 -j MASQUERADE 2> /dev/null || true
}

up() {
  command -v dockerd > /dev/null || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io iproute2 iptables
  } > "$dir/apt.log" 2>&1
  local flags=(--data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/docker.pid" --host "unix://$socket"
    --storage-driver overlay2 --exec-opt native.cgroupdriver=cgroupfs) enter=()
  if [ -n "$namespace" ]; then
    make_namespace
    enter=(nsenter "--net=/run/netns/$namespace") # `ip netns exec` would mount another /sys, without cgroups
  else
    flags+=(--bridge=none --iptables=false --ip6tables=false --ip-forward=false)
  fi
  setsid "${enter[@]}" dockerd "${flags[@]}" > "$dir/dockerd.log" 2>&1 < /dev/null &
  for _ in $(seq 120); do
    if DOCKER_HOST=unix://$socket $client info > /dev/null 2>&1; then
      echo "export DOCKER_HOST=unix://$socket DOCKER_BUILDKIT=1${namespace:+ SHOP_HOST=$inside}"
      return
    fi
    sleep 0.5
  done
  tail -5 "$dir/dockerd.log" >&2
  exit 1
}

down() {
  local pid
  if pid=$(cat "$dir/docker.pid" 2> /dev/null); then
    kill "$pid" 2> /dev/null || true
    for _ in $(seq 150); do
      kill -0 "$pid" 2> /dev/null || break
      sleep 0.2
    done
    ! kill -0 "$pid" 2> /dev/null || { echo "the engine is still there: process $pid" >&2; exit 1; }
  fi
  [ -z "$namespace" ] || remove_namespace
}

case $verb in up | down) $verb ;; *) usage ;; esac
