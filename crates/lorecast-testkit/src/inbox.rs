//! public-inbox v2 epochs: bare git repositories with one message a commit.
