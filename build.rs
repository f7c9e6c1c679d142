//! Rebuilds when a file is added to the rule pack: `include_dir!` alone sees only changes of files it knows.

fn main() {
    println!("cargo:rerun-if-changed=rules");
}
