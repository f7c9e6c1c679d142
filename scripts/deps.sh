#!/bin/sh
# Installs the Debian packages that are missing: Tesseract with Chinese, Chinese fonts (the corpus is drawn in several),
# build tools, pip for the models, poppler as the compared peer in benches.
set -eu

packages="tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-eng fonts-noto-cjk fonts-wqy-zenhei
fonts-arphic-uming fonts-arphic-ukai poppler-utils build-essential pkg-config ca-certificates python3 python3-pip"

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "不是 Debian 系统：请自行安装 Tesseract（chi_sim、eng）、中文字体、C 编译器和 python3-pip，然后继续" >&2
    exit 0
fi

missing=""
for package in $packages; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    case "$status" in
        *"install ok installed"*) ;;
        *) missing="$missing $package" ;;
    esac
done
[ -z "$missing" ] && exit 0

echo "安装缺少的软件包：$missing"
if [ "$(id -u)" = 0 ]; then
    root=""
elif command -v sudo >/dev/null 2>&1; then
    root="sudo"
else
    echo "需要 root 权限：请以 root 运行，或先安装 sudo，或请管理员安装：$missing" >&2
    exit 1
fi
$root apt-get update -q
# shellcheck disable=SC2086
if ! $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing; then
    echo "安装失败。请检查网络和软件源后重试；缺少的软件包：$missing" >&2
    exit 1
fi
