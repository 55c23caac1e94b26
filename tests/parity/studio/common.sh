# For the scripts beside it, which source it.

# Ends the script, and says so, when a program is not there.
needs() { # PROGRAM…
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || { echo "SKIPPED: $program is not installed" >&2; exit 0; }
    done
}

# The path of an example of the studio: what the variable of its name in capitals says, or built now.
example() { # NAME
    local given
    given=$(echo "$1" | tr a-z A-Z)
    if [ -n "${!given:-}" ]; then
        echo "${!given}"
        return
    fi
    cargo build --quiet --release --package lorecast-studio --example "$1" >&2
    echo "${CARGO_TARGET_DIR:-target}/release/examples/$1"
}
