# Sourced by the scripts here: where the peers keep their things, all under $work.
# Expects $work. Gives need, notmuch_setup, warm_public_inbox and the peers' variables.
export HOME=$work/home XDG_CACHE_HOME=$work/home/.cache XDG_CONFIG_HOME=$work/home/.config
export PI_CONFIG=$work/pi-config
export NOTMUCH_CONFIG=$work/notmuch-config
export PERL_INLINE_DIRECTORY=$XDG_CACHE_HOME/public-inbox/inline-c
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null TZ=UTC LC_ALL=C.UTF-8
mkdir -p "$PERL_INLINE_DIRECTORY" "$XDG_CONFIG_HOME"
unset NOTMUCH_PROFILE NOTMUCH_DATABASE MAILDIR

# need COMMAND PACKAGE
need() {
    command -v "$1" >/dev/null || { echo "$1 is missing: install the Debian package $2" >&2; exit 2; }
}

# notmuch_setup MAILDIR: an empty database in $work/notmuch
notmuch_setup() {
    mkdir -p "$work/notmuch"
    cat >"$NOTMUCH_CONFIG" <<CONFIG
[database]
path=$work/notmuch
mail_root=$1
[user]
name=Nobody
primary_email=nobody@example.invalid
[new]
tags=
ignore=
[search]
exclude_tags=
[maildir]
synchronize_flags=false
CONFIG
}

# Compiles public-inbox's C spawner, which needs Inline::C; without it the slower Perl one is used.
warm_public_inbox() {
    perl -MPublicInbox::Spawn -e 1 >/dev/null 2>&1 || true
}
