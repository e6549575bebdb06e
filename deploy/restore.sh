#!/usr/bin/env bash
# Restore a backup into an empty database and an empty directory of files.
#   deploy/restore.sh /var/backups/yorisoi/2026-04-01
# Reads DATABASE_OWNER_URL (else DATABASE_URL) and MEDIA_ROOT; PYTHON names the interpreter. The rows
# come in one transaction: a restore that fails leaves the database empty.
set -euo pipefail
umask 077
cd "$(dirname "$0")/.."
source=${1:?"usage: restore.sh DIRECTORY"}
url=${DATABASE_OWNER_URL:-${DATABASE_URL:?"set DATABASE_OWNER_URL"}}
media=${MEDIA_ROOT:-${DATA_DIR:-.data}/media}
python=${PYTHON:-.venv/bin/python}

(cd "$source" && sha256sum --check --quiet SHA256SUMS)
tables=$(psql --dbname="$url" --tuples-only --no-align \
  --command="SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
if [ "$tables" != 0 ]; then
  echo "restore.sh: the database holds $tables tables; make an empty one." >&2
  exit 1
fi
if [ -d "$media" ] && [ -n "$(ls -A "$media")" ]; then
  echo "restore.sh: $media is not empty." >&2
  exit 1
fi

pg_restore --dbname="$url" --single-transaction --exit-on-error --no-owner --no-privileges \
  "$source/database.dump"
mkdir -p "$media"
if [ -f "$source/media.tar.gz" ]; then
  tar --extract --gzip --file="$source/media.tar.gz" --directory="$media"
fi
# Newer migrations, and the rights of the logins.
"$python" manage.py migrate --verbosity 0
# Who was erased after the backup stays erased: give the list of hashes kept elsewhere.
"$python" manage.py reapply_erasures
echo "Restored from $source. Start web, worker and beat."
