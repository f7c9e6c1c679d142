#!/bin/sh
# Runs fuzz targets one after the other: sh scripts/fuzz.sh [seconds] [target…]; with 0 seconds only the seeds are laid out.
# See fuzz/README.md.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
build=${BUILD:---dev}

if [ "$seconds" != 0 ] && ! command -v cargo-fuzz >/dev/null 2>&1; then
    echo "缺少 cargo-fuzz：请先运行 rustup toolchain install nightly 和 cargo install cargo-fuzz --locked" >&2
    exit 1
fi

# Seeds: small files of the tests and of the corpus.
seed() {
    target=$1
    shift
    mkdir -p "fuzz/corpus/$target"
    for file in "$@"; do
        [ -f "$file" ] || continue
        name=$(printf '%s' "$file" | cksum | cut -d' ' -f1)
        case $file in
            fuzz/crashes/*) cp "$file" "fuzz/corpus/$target/$name" ;;
            *.gz) gzip -dc "$file" >"fuzz/corpus/$target/$name" ;;
            *) cp "$file" "fuzz/corpus/$target/$name" ;;
        esac
    done
}

for target in archive doc invoice office ofd rtf xls xml; do
    seed "$target" fuzz/seeds/"$target"/* fuzz/crashes/"$target"/*
done
seed archive tests/fixtures/archives/*
seed doc tests/fixtures/office/form.doc.gz
seed rtf tests/fixtures/office/form.rtf.gz
seed office tests/fixtures/office/form.docx.gz tests/fixtures/office/locked_*.gz
find corpus/files -name '*.ofd' -size -100k | while read -r file; do seed ofd "$file"; done
find corpus/files -name '*.xml' -size -100k | while read -r file; do seed xml "$file"; done

[ "$seconds" != 0 ] || exit 0
[ $# -gt 0 ] || set -- archive doc invoice office ofd rtf xls xml
failed=
for target in "$@"; do
    echo "== $target，$seconds 秒"
    nice cargo +nightly fuzz run "$build" -s none "$target" -- \
        -max_total_time="$seconds" -max_len=65536 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 || failed="$failed $target"
done
if [ -n "$failed" ]; then
    echo "发现问题：$failed；输入保存在 fuzz/artifacts/，处理办法见 fuzz/README.md" >&2
    exit 1
fi
