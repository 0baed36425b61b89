#!/bin/sh
# Makes the secrets that docker-compose.yml names, each in a file of its own in ./secrets. Needs nothing but a shell, and
# leaves what is there as it is: run it again after deleting a file, and only that one is made anew.
#
# Whoever loses vault_keys loses the cards: keep a copy, apart from those of the database.
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p secrets
# The folder keeps others of this machine out. Its files are read in containers by users of other numbers than yours.
chmod 700 secrets

# so many random bytes, as base64 on one line
random() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
# a password that needs no escaping in an address
password() { random 30 | tr '+/' '-_'; }
# a key with its id, as VAULT_KEYS and SIGNING_KEYS want it
key() { printf '%s%05d:%s' "$1" "$(($(od -An -N2 -tu2 /dev/urandom)))" "$(random 32)"; }

# its name and its value: whole, or not there
keep() {
  [ -e "secrets/$1" ] && return
  printf '%s\n' "$2" >"secrets/.$1"
  chmod 444 "secrets/.$1"
  mv "secrets/.$1" "secrets/$1"
  echo "made secrets/$1"
}

keep vault_keys "$(key v)"
keep signing_keys "$(key s)"
keep mongodb_url "mongodb://guichet:$(password)@mongo:27017/guichet?replicaSet=rs0&authSource=admin"
# What the members of a replica set know each other by, and who may do everything there.
keep mongodb_key "$(random 96)"
keep mongodb_operator "$(password)"
keep redis_url "redis://:$(password)@redis:6379"
