#!/bin/sh
# Fetches the OCR models into ./models: they lie in a pinned PyPI package, whose hash pip checks. Without network the
# tool works with Tesseract alone, and says so.
set -eu

dir=models
package="rapidocr-onnxruntime==1.4.4"
wheel_sha256=971d7d5f223a7a808662229df1ef69893809d8457d834e6373d3854bc1782cbf
files="d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9  ch_PP-OCRv4_det_infer.onnx
48fc40f24f6d2a207a2b1091d3437eb3cc3eb6b676dc3ef9c37384005483683b  ch_PP-OCRv4_rec_infer.onnx
e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c  ch_ppocr_mobile_v2.0_cls_infer.onnx"

there() {
    [ -d "$dir" ] && (cd "$dir" && echo "$files" | sha256sum --check --status 2>/dev/null)
}

there && exit 0

without() {
    echo "提示：$1；将只用 Tesseract 识别扫描件，准确率明显较低。稍后可运行 make models 重试，或用 HECHA_MODELS 指定模型文件夹" >&2
    exit 0
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "$package --hash=sha256:$wheel_sha256" >"$work/requirements.txt"
echo "下载文字识别模型（$package）…"
# The wheel is pure Python but excludes newer interpreters: name one that it accepts.
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.11 \
    --require-hashes -r "$work/requirements.txt" -d "$work" || without "模型下载失败"
mkdir -p "$dir"
python3 - "$work" "$dir" <<'PY' || without "模型包无法解开"
import pathlib, sys, zipfile
wheel = next(pathlib.Path(sys.argv[1]).glob("*.whl"))
with zipfile.ZipFile(wheel) as package:
    for name in package.namelist():
        if name.endswith(".onnx"):
            (pathlib.Path(sys.argv[2]) / pathlib.PurePosixPath(name).name).write_bytes(package.read(name))
PY
there || without "模型文件的校验值不符"
echo "模型已放入 ./$dir"
