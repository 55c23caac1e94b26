#!/usr/bin/env node
// Finds marks in the next revision the way Hypothesis finds an annotation in a document that changed.
//
// Usage: node tests/parity/web/spans_peer.mjs BODIES.jsonl SPANS.tsv NPM > ANSWERS.tsv
//
// Hypothesis carries nothing from one document to another; this stands in for it: the whole new revision, its
// mails one behind the other, is the document that changed. The quotation is searched exactly, else with as many
// errors as half its length, at most 256 (approx-string-match, which their client uses); of several places
// the best is taken by quotation, 32 characters before and behind, and position, weighed 50 : 20 : 20 : 2
// as their client does. NPM is a folder with node_modules/approx-string-match.
// BODIES.jsonl is what `spans bodies` prints; printed is a line for each span, as `spans carry` does.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const AROUND = 32;
const [bodies, spans, npm] = process.argv.slice(2);
const require = createRequire(resolve(npm, "package.json"));
const approximately = require("approx-string-match").default;

function search(text, quote, errors) {
  const found = [];
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) {
    found.push({ start: at, end: at + quote.length, errors: 0 });
  }
  return found.length > 0 ? found : approximately(text, quote, errors);
}

function likeness(text, wanted) {
  if (wanted === "") return 1;
  if (text === "") return 0;
  const [best] = search(text, wanted, wanted.length);
  return best ? 1 - best.errors / wanted.length : 0;
}

function find(text, mark) {
  const score = ({ start, end, errors }) =>
    50 * (1 - errors / mark.exact.length) +
    20 * likeness(text.slice(Math.max(0, start - mark.prefix.length), start), mark.prefix) +
    20 * likeness(text.slice(end, end + mark.suffix.length), mark.suffix) +
    2 * (1 - Math.abs(start - mark.at) / text.length);
  const places = search(text, mark.exact, Math.min(256, mark.exact.length / 2));
  let best = null;
  for (const place of places.slice(0, 5000)) {
    const found = { ...place, score: score(place) };
    if (!best || found.score > best.score) best = found;
  }
  return best;
}

// Mails one behind the other, with the place where each begins.
function joined(mails) {
  let text = "";
  const starts = mails.map((mail) => {
    const start = text.length;
    text += mail.body + "\n";
    return start;
  });
  return { text, starts };
}

const scalars = (text) => [...text].length;
const lines = (path) => readFileSync(path, "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
const pairs = lines(bodies).map((line) => JSON.parse(line));
const [head, ...rows] = lines(spans).map((line) => line.split("\t"));
for (const row of rows) {
  const { newer_root, older, start, end } = Object.fromEntries(head.map((name, at) => [name, row[at]]));
  const has = (mails, id) => mails.some((mail) => mail.id === id);
  const pair = pairs.find(({ before, after }) => has(before, older) && has(after, newer_root));
  let answer = "not held";
  let note = "-";
  if (pair) {
    const old = joined(pair.before);
    const mail = pair.before.findIndex(({ id }) => id === older);
    const body = [...pair.before[mail].body];
    const at = old.starts[mail] + body.slice(0, Number(start)).join("").length;
    const exact = body.slice(Number(start), Number(end)).join("");
    const after = at + exact.length;
    const [prefix, suffix] = [old.text.slice(Math.max(0, at - AROUND), at), old.text.slice(after, after + AROUND)];
    const now = joined(pair.after);
    const found = find(now.text, { exact, prefix, suffix, at });
    answer = "outdated";
    if (found) {
      const to = now.starts.findLastIndex((start) => start <= found.start);
      const own = now.text.slice(now.starts[to], found.start);
      const first = scalars(own);
      const last = first + scalars(now.text.slice(found.start, found.end));
      answer = `${pair.after[to].id} ${first} ${last}`;
      note = `${(found.score / 92).toFixed(2)}`;
    }
  }
  console.log([older, start, end, answer, note].join("\t"));
}
