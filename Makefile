# Two commands are all a newcomer needs, on a fresh Debian 12 as root or with sudo: make demo, make test.

CORPUS ?= corpus/files
OUT ?= out
CARGO ?= cargo

# For make fuzz: which targets (all of them without), and for how long each.
TARGETS ?=
SECONDS ?= 60

.PHONY: demo test deps rust models build fmt lint unit fuzz clean-out help

help:
	@echo "make demo   装好缺少的软件，编译，核查样例材料 $(CORPUS)，结果在 $(OUT)/report.html"
	@echo "make test   装好测试所需的软件，检查格式和 clippy，运行全部测试"
	@echo "make models 下载文字识别模型到 ./models"
	@echo "make fuzz   用随机改动的文件试各种读取器，每种 $(SECONDS) 秒（需要 nightly 和 cargo-fuzz，见 fuzz/README.md）"

demo: deps rust models build
	@sh scripts/demo.sh $(CORPUS) $(OUT)

# A whole build at once: pieces for the next build would only cost time, and make the code slower.
test: export CARGO_INCREMENTAL = 0
test: deps rust models fmt lint unit

deps:
	@sh scripts/deps.sh

rust:
	@sh scripts/rust.sh

models: deps
	@sh scripts/models.sh

build: deps rust
	$(CARGO) build --release --locked

fmt: rust
	$(CARGO) fmt --check

lint: deps rust
	$(CARGO) clippy --locked --all-targets -- -D warnings

unit: deps rust models
	$(CARGO) test --locked

fuzz:
	@sh scripts/fuzz.sh $(SECONDS) $(TARGETS)
