//! Test signals as WAV files.
