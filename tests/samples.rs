//! Public sample invoices as data: every header field exact. Skips where the samples are not there.

use serde_json::Value;

use crate::common::{hecha, run};

/// Expected and read fields of every data file of `truth.json`.
#[test]
fn data_invoices_are_read_exactly() {
    let usual = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/samples");
    let folder = std::env::var_os("HECHA_SAMPLES").map_or(usual.into(), std::path::PathBuf::from);
    let Ok(truth) = std::fs::read_to_string(folder.join("truth.json")) else { return };
    let truth: Vec<Value> = serde_json::from_str(&truth).unwrap();
    let mut wrong = Vec::new();
    for sample in &truth {
        let file = sample["file"].as_str().unwrap();
        if !(file.ends_with(".ofd") || file.ends_with(".xml")) {
            continue;
        }
        let ran = run(hecha().args(["read", "--json"]).arg(folder.join(file)));
        let read: Value = serde_json::from_str(&ran.out).unwrap();
        let documents = read["documents"].as_array().unwrap();
        if documents.len() != 1 || documents[0]["kind"] != "invoice" {
            wrong.push(format!("{file}: {} documents", documents.len()));
            continue;
        }
        let fields = &documents[0]["fields"];
        for (name, expected) in sample["fields"].as_object().unwrap() {
            if fields[name]["value"] != *expected {
                wrong.push(format!("{file}: {name} is {}, should be {expected}", fields[name]["value"]));
            }
            // Most copies show what their data say; where the print is read, it agrees.
            let printed = &fields[&format!("print.{name}")]["value"];
            if !printed.is_null() && printed != expected {
                wrong.push(format!("{file}: print.{name} is {printed}, should be {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
