//! JSON of the podcast namespace. A segment is a sentence; its `words` are ours, and apps that do not
//! know them pass over them. Each stands on a line: phones load nothing that only indents, and versions of
//! a file can be compared.

use serde::Serialize;
use serde_json::Number;

use super::{Line, Word};
use crate::chapters::milliseconds;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Segment<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    speaker: &'a str,
    start_time: Number,
    end_time: Number,
    body: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<Part<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    start_time: Number,
    end_time: Number,
    body: &'a str,
}

pub(super) fn write(lines: &[Line]) -> String {
    let mut file = b"{\"version\":\"1.0.0\",\"segments\":[".to_vec();
    for (nth, line) in lines.iter().enumerate() {
        file.extend_from_slice(if nth == 0 { b"\n" } else { b",\n" });
        let written = serde_json::to_writer(&mut file, &segment(line));
        written.expect("plain strings and numbers are JSON, and memory takes them");
    }
    file.extend_from_slice(b"\n]}\n");
    String::from_utf8(file).expect("JSON is text")
}

fn segment<'a>(line: &'a Line<'a>) -> Segment<'a> {
    Segment {
        speaker: &line.speaker,
        start_time: milliseconds(line.start),
        end_time: milliseconds(line.end),
        body: &line.text,
        words: line.words.iter().map(part).collect(),
    }
}

fn part<'a>(word: &Word<'a>) -> Part<'a> {
    Part { start_time: milliseconds(word.start), end_time: milliseconds(word.end), body: word.text }
}

#[cfg(test)]
mod tests {
    use crate::transcript::tests::transcript;
    use crate::transcript::{TranscriptForm, TranscriptOf};

    #[test]
    fn a_segment_for_each_sentence() {
        insta::assert_snapshot!(TranscriptForm::Json.write(&transcript(), &TranscriptOf::default()), @r#"
        {"version":"1.0.0","segments":[
        {"speaker":"Ann Example","startTime":0.5,"endTime":1.75,"body":"Welcome."},
        {"speaker":"Ann Example","startTime":1.75,"endTime":3,"body":"This was the week."},
        {"speaker":"Ann Example","startTime":3.5,"endTime":9.5,"body":"The rings & queues of <io_uring> learned to wait for each other without a lock.","words":[{"startTime":4,"endTime":4.5,"body":"rings"},{"startTime":8,"endTime":8.5,"body":"without"}]},
        {"speaker":"Bo","startTime":3725,"endTime":3725.001,"body":"Bye! Really --> bye."}
        ]}
        "#);
    }
}
