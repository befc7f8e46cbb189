#!/bin/bash
# Changes what the edge router does with requests, while it runs: `docker compose exec edge-router mesh`. It speaks to HAProxy's admin
# port, as `npm run mesh` does for the shop of processes; the maps and regular expressions are those of deploy/edge-router.
set -euo pipefail

usage() {
  cat << 'TEXT'
usage: mesh status
       mesh canary SERVICE v2 PERCENT        share of the requests that the containers SERVICE-v2 get, 0 to 100
       mesh ab SERVICE v2 --cookie NAME=VALUE | --header NAME=VALUE
       mesh ab SERVICE --off
       mesh limit SERVICE N/s | off          requests of one client; more get 429
TEXT
}

wrong() { echo "error: $1" >&2; usage >&2; exit 2; }
refused() { echo "$1" >&2; exit 1; }

# The answer to one line of commands; HAProxy then closes the connection.
ask() {
  local admin
  exec {admin}<> "/dev/tcp/127.0.0.1/${ADMIN_PORT:-9999}"
  echo "$1" >&"$admin"
  cat <&"$admin"
  exec {admin}>&-
}

# What a map has for each key: `0x7f… key value`.
entries() { ask "show map $1" | sed -n 's/^0x[0-9a-f]* //p'; }

require_service() {
  local names
  names=$(entries shares.map | cut -d' ' -f1)
  grep -qx -- "$1" <<< "$names" || wrong "there is no service \"$1\"; there are: ${names//$'\n'/, }"
}

# The servers of v2 get their name, and with it the addresses of its containers; then they take requests.
find_version() {
  local service=$1 address nth server name='' ready=''
  address=$(getent ahostsv4 "$service-v2" | cut -d' ' -f1 | sort -u) && [ -n "$address" ] ||
    refused "There is no container $service-v2. Start it first."
  for nth in {1..10}; do
    for server in "$service.2/$service-v2-$nth" "$service.2.all/$service-v2-$nth"; do
      name+="set server $server fqdn $service-v2; "
      ready+="set server $server state ready; "
    done
  done
  ask "$name" > /dev/null
  servers_have "$service" "[0-9]+ [^ ]+ [0-9]+ [^ ]+ (${address//$'\n'/|}) "
  ask "$ready" > /dev/null
  servers_have "$service" "[0-9]+ [^ ]+ [0-9]+ [^ ]+ (${address//$'\n'/|}) 2 "
}

# Until a server of v2 is as the pattern says, in `show servers state`.
servers_have() {
  local try
  for try in {1..100}; do
    if ask "show servers state $1.2" | grep -qE "^$2"; then return; fi
    sleep 0.1
  done
  refused "The router does not find a container $1-v2 that is ready."
}

share() {
  local slots=$((10000 - 100 * $2)):10000:10000:12
  case $2 in 0) slots=1 ;; 100) slots=2 ;; esac
  ask "set map shares.map $1 $slots" > /dev/null
}

end_ab() {
  local id rest
  { ask 'show map variant-rules.map' | grep -F " ^$1(" || true; } | while read -r id rest; do
    ask "del map variants.map $1; del map variant-rules.map #$id" > /dev/null
  done
}

canary() {
  [ $# = 3 ] && [ "$2" = v2 ] && [[ $3 =~ ^(100|[0-9]{1,2})$ ]] || wrong 'give a service, v2 and a percentage from 0 to 100'
  require_service "$1"
  if entries variants.map | grep -q "^$1 "; then refused "An A/B test of $1 is running: end it with mesh ab $1 --off"; fi
  if [ "$3" != 0 ]; then find_version "$1"; fi
  share "$1" "$((10#$3))"
  echo "$1-v2: $((10#$3)) % of the requests"
}

ab() {
  if [ $# = 2 ] && [ "$2" = --off ]; then
    require_service "$1"
    end_ab "$1"
    echo 'all requests go by the shares again'
    return
  fi
  [ $# = 4 ] && [ "$2" = v2 ] && [[ $4 =~ ^[A-Za-z0-9_-]+=[A-Za-z0-9_.~-]+$ ]] || wrong 'give a service, v2, --cookie or --header, and NAME=VALUE'
  local name=${4%%=*} value=${4#*=} rule="^$1(?:[[:space:]]|(?s:.*)[[:cntrl:]])"
  value=${value//./[.]}
  case $3 in
  --cookie) rule+="cookie:(?:[^[:cntrl:]]*[^[:alnum:]_.-])?$name=$value[^[:alnum:]_.~-]" ;;
  --header) rule+="${name,,}:[[:blank:]]*$value[[:cntrl:]]" ;;
  *) wrong "\"$3\" is neither --cookie nor --header" ;;
  esac
  require_service "$1"
  find_version "$1"
  end_ab "$1"
  share "$1" 0
  ask "add map variant-rules.map $rule 2; add map variants.map $1 1" > /dev/null
  echo "requests with the ${3#--} $4 go to $1-v2, all others to $1"
}

limit() {
  [ $# = 2 ] && [[ $2 =~ ^([1-9][0-9]{0,5})/s$|^off$ ]] || wrong 'give a service, and a limit such as 100/s or off'
  local most=${BASH_REMATCH[1]:-0}
  require_service "$1"
  ask "set map limits.map $1 $most" > /dev/null
  if [ "$most" = 0 ]; then echo 'no limit'; else echo "$most requests a second from one client"; fi
}

status() {
  [ $# = 0 ] || wrong 'status takes no words'
  local limits rules service shares says most
  limits=$(entries limits.map) rules=$(entries variant-rules.map)
  entries shares.map | while read -r service shares; do
    case $shares in
    1) says='100 %' ;;
    2) says='0 %, v2 100 %' ;;
    *) says="$((${shares%%:*} / 100)) %, v2 $((100 - ${shares%%:*} / 100)) %" ;;
    esac
    case $rules in
    *"^$service("*cookie:*) says+='; v2 by a cookie' ;;
    *"^$service("*) says+='; v2 by a header' ;;
    esac
    most=$(sed -n "s/^$service //p" <<< "$limits")
    if [ "${most:-0}" != 0 ]; then says+="; $most requests a second from one client"; fi
    printf '%-14s%s\n' "$service" "$says"
  done
}

case ${1:-} in
--help | -h | '') usage ;;
status | canary | ab | limit) "$@" ;;
*) wrong "there is no command \"$1\"" ;;
esac
