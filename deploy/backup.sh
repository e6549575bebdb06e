#!/usr/bin/env bash
# Back the installation up into one directory: the database as the owner sees it, and the files.
#   deploy/backup.sh /var/backups/yorisoi/2026-04-01
# Reads DATABASE_OWNER_URL (else DATABASE_URL) and MEDIA_ROOT from the environment. Runs beside the
# live system; what is written is readable by its owner only, for it holds personal data.
set -euo pipefail
umask 077
target=${1:?"usage: backup.sh DIRECTORY"}
url=${DATABASE_OWNER_URL:-${DATABASE_URL:?"set DATABASE_OWNER_URL"}}
media=${MEDIA_ROOT:-${DATA_DIR:-.data}/media}

if [ -e "$target" ]; then
  echo "backup.sh: $target exists already; nothing was written." >&2
  exit 1
fi
part="$target.part"
rm -rf "$part"
mkdir -p "$part"
trap 'rm -rf "$part"' EXIT

# First the rows, then the files: a row whose file was removed in between says so by itself.
# The counters of sign-in attempts and sessions are of no use elsewhere.
pg_dump --dbname="$url" --format=custom --no-owner --no-privileges \
  --exclude-table-data=cache_entry --exclude-table-data=django_session \
  --file="$part/database.dump"
if [ -d "$media" ]; then
  tar --create --gzip --file="$part/media.tar.gz" --directory="$media" .
fi
(cd "$part" && sha256sum ./* >SHA256SUMS)
mv "$part" "$target"
trap - EXIT
echo "Backed up to $target"
