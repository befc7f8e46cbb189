#!/bin/bash
# Reads the variables of the image `mysql`, as text or as files. Its first start makes the database, and runs /docker-entrypoint-initdb.d/*.sql in it.
set -e
[ "${1:0:1}" = - ] && set -- mysqld "$@"
shift
common=(--no-defaults --datadir=/var/lib/mysql --socket=/var/run/mysqld/mysqld.sock --pid-file=/var/run/mysqld/mysqld.pid
  --plugin-dir=/usr/lib/mysql/plugin --character-set-server=utf8mb4 --bind-address=0.0.0.0)
[ -d /var/lib/mysql/mysql ] && exec mariadbd "${common[@]}" "$@"

[ -n "$MYSQL_PASSWORD_FILE" ] && MYSQL_PASSWORD=$(cat "$MYSQL_PASSWORD_FILE")
mariadb-install-db --no-defaults --datadir=/var/lib/mysql --skip-test-db --auth-root-authentication-method=normal > /dev/null
{
  echo "CREATE DATABASE IF NOT EXISTS \`$MYSQL_DATABASE\`;"
  echo "CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$MYSQL_PASSWORD';"
  echo "GRANT ALL ON \`$MYSQL_DATABASE\`.* TO '$MYSQL_USER'@'%';"
  if [ -n "$MYSQL_RANDOM_ROOT_PASSWORD" ]; then
    password=$(head -c 18 /dev/urandom | base64)
    echo "ALTER USER root@localhost IDENTIFIED BY '$password';"
    echo "GENERATED ROOT PASSWORD: $password" >&2
  fi
  echo "USE \`$MYSQL_DATABASE\`;"
  for file in /docker-entrypoint-initdb.d/*.sql; do
    # MariaDB's --init-file wants a statement a line, without comments.
    [ -f "$file" ] && sed 's/^--.*//; s/; *$/;\x01/' "$file" | tr '\n\001' ' \n'
  done
} > /tmp/init.sql
exec mariadbd "${common[@]}" --init-file=/tmp/init.sql "$@"
