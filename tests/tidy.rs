//! Conventions as tests: who may import whom, that every rule has its page and cases, that the code map is true.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn sources(dir: &Path, end: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(sources(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// What each module of the crate may name; those that are not here may name everything.
fn allowed() -> BTreeMap<&'static str, &'static [&'static str]> {
    const STAGE: &[&str] = &["model", "text", "pack"];
    BTreeMap::from([
        ("model", &[][..]),
        ("text", &["model"][..]),
        ("pack", &["model", "text"][..]),
        ("store", &["model", "text"][..]),
        ("ingest", STAGE),
        ("read", STAGE),
        ("classify", STAGE),
        ("extract", STAGE),
        ("reconcile", STAGE),
        ("check", STAGE),
        ("report", STAGE),
        ("worker", &["model", "text", "pack", "read", "report", "ingest"][..]),
        (
            "pipeline",
            &[
                "model",
                "text",
                "pack",
                "read",
                "report",
                "ingest",
                "classify",
                "extract",
                "reconcile",
                "check",
                "store",
                "worker",
            ][..],
        ),
    ])
}

#[test]
fn stages_import_only_what_they_may() {
    let src = Path::new(ROOT).join("src");
    let allowed = allowed();
    let word = regex::Regex::new(r"\bcrate::(\{[^}]*\}|[a-z_]+)").unwrap();
    let mut wrong = Vec::new();
    for path in sources(&src, ".rs") {
        let inner = path.strip_prefix(&src).unwrap();
        let module = inner.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_string();
        let Some(may) = allowed.get(module.as_str()) else { continue };
        let text = fs::read_to_string(&path).unwrap();
        // Tests may set up what they need from anywhere.
        let test_file = ["tests", "testing", "fixture"]
            .iter()
            .any(|t| inner.iter().any(|p| p.to_string_lossy().starts_with(t)));
        if test_file {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for hit in word.captures_iter(code) {
            let names =
                hit[1].trim_matches(['{', '}']).split(',').map(|n| n.trim().split("::").next().unwrap_or(""));
            for name in names.filter(|n| !n.is_empty() && *n != module && !may.contains(n)) {
                wrong.push(format!("{}: crate::{name}", inner.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "a stage imports model, text and pack only:\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_page_with_its_cases() {
    let pack = hecha::pack::Pack::embedded().unwrap();
    let mut codes = BTreeSet::new();
    for rule in hecha::check::rules() {
        assert!(codes.insert(rule.code), "{} is registered twice", rule.code);
        assert!(hecha::pack::entry_of(rule.code).is_some(), "{} is not in the catalogue", rule.code);
        let page = pack.pages.get(rule.code).unwrap_or_else(|| panic!("{} has no page", rule.code));
        let cases: BTreeSet<String> = page.cases().into_iter().map(|c| c.expect).collect();
        for expect in ["fires", "silent"] {
            assert!(cases.contains(expect), "the page of {} has no case that is `{expect}`", rule.code);
        }
    }
    for code in pack.pages.keys() {
        assert!(codes.contains(code.as_str()), "{code} has a page and no rule");
    }
}

#[test]
fn the_code_map_is_true() {
    let readme = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    let named = regex::Regex::new(r"\| `((?:src|rules|corpus|examples|tests)[a-z_/]*)/?` \|").unwrap();
    let named: BTreeSet<String> =
        named.captures_iter(&readme).map(|c| c[1].trim_end_matches('/').to_string()).collect();
    for path in &named {
        assert!(Path::new(ROOT).join(path).exists(), "README names {path}, which is not there");
    }
    for entry in fs::read_dir(Path::new(ROOT).join("src")).unwrap().flatten() {
        if entry.path().is_dir() {
            let name = format!("src/{}", entry.file_name().to_string_lossy());
            let told = named.contains(&name) || readme.contains(&format!("`{name}.rs`"));
            assert!(told, "{name} is not in README's code map");
        }
    }
}

#[test]
fn pictures_of_the_readmes_are_there() {
    // Pictures are made from a finished report: before the first one there is no docs folder.
    let docs = Path::new(ROOT).join("docs");
    let linked = regex::Regex::new(r"!\[[^\]]*\]\(([^)]+)\)").unwrap();
    for file in ["README.md", "README.zh.md"] {
        let text = fs::read_to_string(Path::new(ROOT).join(file)).unwrap();
        for link in linked.captures_iter(&text).filter(|_| docs.is_dir()) {
            assert!(Path::new(ROOT).join(&link[1]).exists(), "{file} shows {}, which is not there", &link[1]);
        }
    }
}

#[test]
fn nothing_names_this_machine() {
    let marks =
        [["/wo", "rk/"].concat(), ["/tm", "p/wt"].concat(), ["/ho", "me/"].concat(), ["/ro", "ot/"].concat()];
    let mut wrong = Vec::new();
    for folder in ["src", "rules", "tests", "examples", "scripts", "docs", "corpus", ".ci"] {
        for end in [".rs", ".toml", ".md", ".sh", ".csv", "run", ".html", ".json"] {
            for path in sources(&Path::new(ROOT).join(folder), end) {
                let text = fs::read_to_string(&path).unwrap_or_default();
                wrong.extend(
                    marks.iter().filter(|m| text.contains(*m)).map(|m| format!("{}: {m}", path.display())),
                );
            }
        }
    }
    for file in ["README.md", "README.zh.md", "Makefile", "Cargo.toml", "build.rs"] {
        let text = fs::read_to_string(Path::new(ROOT).join(file)).unwrap();
        wrong.extend(marks.iter().filter(|m| text.contains(*m)).map(|m| format!("{file}: {m}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_short() {
    let long: Vec<String> = sources(&Path::new(ROOT).join("src"), ".rs")
        .into_iter()
        .filter(|p| !p.to_string_lossy().ends_with("tests.rs"))
        .map(|p| (fs::read_to_string(&p).unwrap().lines().count(), p))
        .filter(|(lines, _)| *lines > 600)
        .map(|(lines, p)| format!("{} has {lines} lines", p.display()))
        .collect();
    assert!(long.is_empty(), "one idea a file:\n{}", long.join("\n"));
}
