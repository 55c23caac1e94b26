//! Compiles the crate again when something that is compiled in changes: `include_dir!` cannot tell.
fn main() {
    println!("cargo::rerun-if-changed=sample");
    println!("cargo::rerun-if-changed=../../episodes");
}
