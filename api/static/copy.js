// Here is what an answer or a table shows; give it to the clipboard, or as a file.

import { make } from "./make.js";

export async function copyText(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  // Over plain http to another machine browsers keep the clipboard to themselves.
  const area = make("textarea", { className: "unseen", value: text });
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copy");
}

// A spreadsheet computes what begins like a formula, in wide forms or within quotation marks, which
// it takes off, too; an apostrophe makes it text.
function cell(text) {
  const line = text.replace(/\s+/g, " ").trim();
  return /^["\s]*(?:[=+@＝＋＠]|[-－](?!\d))/.test(line) ? `'${line}` : line;
}

export function tabbed(rows) {
  return rows.map((row) => row.map(cell).join("\t")).join("\n");
}

export function saveFile(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
