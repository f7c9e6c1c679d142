#!/bin/sh
# Sees that a Rust toolchain is there and new enough; says what to do if not.
set -eu

need=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
how="请用 rustup 安装 Rust $need 或更新的版本（Debian 13 起：apt-get install rustup && rustup default stable；
其他系统见 Rust 官网的安装说明），然后重新运行"

if ! command -v cargo >/dev/null 2>&1; then
    echo "没有找到 cargo。$how" >&2
    exit 1
fi
have=$(cargo --version | sed 's/^cargo \([0-9]*\.[0-9]*\).*/\1/')
oldest=$(printf '%s\n%s\n' "$need" "$have" | sort -V | head -n 1)
if [ "$oldest" != "$need" ]; then
    echo "cargo $have 太旧，需要 $need。$how" >&2
    exit 1
fi
