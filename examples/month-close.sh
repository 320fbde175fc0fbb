#!/usr/bin/env bash
# Close a month: check the export, compare the closed months, lock the new one, write the report.
#   month-close.sh 2026-10 exports/mrr.csv
# Ends with retcalc's status: 1 when a check fails or a closed month changed, 3 for bad data.
set -euo pipefail
month=$1
data=$2

retcalc validate "$data"
retcalc check "$data" --as-of "$month" --junit checks.xml
if [ -d "$(dirname "$data")/retcalc-locks" ]; then
  retcalc close verify "$data" || {
    retcalc close diff "$data" -o restatements.csv || true
    echo "closed months changed: see restatements.csv; book them with --as-corrections" >&2
    exit 1
  }
fi
retcalc close lock "$month" "$data"
retcalc summary "$data" --as-of "$month" -o "close-$month.json" -o "close-$month.md"
