// Here is an answer; give me the element that shows it. `open(citation)` shows a source.

import { facts } from "./article.js";
import { make } from "./make.js";

function isChinese(text) {
  return /[\u3400-\u9fff]/.test(text);
}

function citationButton(citation, open) {
  return make(
    "button",
    {
      type: "button",
      className: "cite",
      title: citation.quote,
      "aria-label": `出处 ${citation.id}：${citation.title}`,
      onclick: () => open(citation),
    },
    String(citation.id),
  );
}

// "…163万元。[1]" → the text, with a button in place of each [n] that is a citation.
function withButtons(text, citations, open) {
  return text.split(/(\[\d+\])/).map((part) => {
    const found = /^\[(\d+)\]$/.exec(part);
    const citation = found && citations.find((one) => one.id === Number(found[1]));
    return citation ? citationButton(citation, open) : part;
  });
}

function shortAnswers(answer) {
  if (!answer.short_answers.length || answer.table) return null;
  return make(
    "p",
    { className: "short" },
    ...answer.short_answers.map((one) => make("span", {}, one.text)),
  );
}

function table(answer, open) {
  if (!answer.table) return null;
  const cite = (ids) =>
    ids.map((id) => answer.citations.find((one) => one.id === id)).filter(Boolean)
      .map((citation) => citationButton(citation, open));
  const head = answer.table.columns.map((name) => make("th", { scope: "col" }, name));
  const rows = answer.table.rows.map((row) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, row.region),
      ...row.cells.map((cell, at) =>
        make("td", {}, cell, ...(at === row.cells.length - 1 ? cite(row.citations) : [])),
      ),
    ),
  );
  return make(
    "div",
    { className: "wide" },
    make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)),
  );
}

function related(answer, open) {
  if (!answer.related.length) return null;
  const items = answer.related.map((near) => {
    const citation = answer.citations.find((one) => one.id === near.citation);
    return make(
      "li",
      {},
      make("span", { className: "note" }, near.note),
      ...(citation
        ? [make("q", { lang: "zh-CN" }, citation.quote), citationButton(citation, open)]
        : []),
    );
  });
  return make(
    "section",
    { className: "related" },
    make("h3", {}, "相近的内容，不是答案"),
    make("ul", {}, ...items),
  );
}

function sources(answer, open) {
  if (!answer.citations.length) return null;
  const items = answer.citations.map((citation) =>
    make(
      "li",
      { value: citation.id },
      make(
        "button",
        { type: "button", className: "open", onclick: () => open(citation) },
        make("span", { className: "title" }, citation.title || citation.source),
        make("span", { className: "facts" }, facts(citation)),
      ),
    ),
  );
  return make(
    "section",
    { className: "sources", lang: "zh-CN" },
    make("h3", {}, "出处"),
    make("ol", {}, ...items),
  );
}

function plainText(answer) {
  const lines = answer.citations.map(
    (one) => `[${one.id}] ${one.title}（${facts(one)}）“${one.quote}” ${location.origin}${one.url}`,
  );
  return [answer.answer, ...lines].join("\n");
}

function actions(answer, vote) {
  const said = make("span", { className: "said", role: "status" });
  const copy = make("button", { type: "button", className: "quiet" }, "复制答案与出处");
  copy.onclick = async () => {
    await navigator.clipboard.writeText(plainText(answer));
    said.textContent = "已复制";
  };
  const votes = [["up", "有用"], ["down", "不对"]].map(([value, label]) => {
    const button = make("button", { type: "button", className: "quiet" }, label);
    button.onclick = async () => {
      said.textContent = await vote(answer.answer_id, value);
    };
    return button;
  });
  return make("p", { className: "actions" }, copy, ...votes, said);
}

const HEADS = { partial: "只找到一部分", not_found: "文章里没有" };

export function answerElement(answer, open, vote) {
  const lang = isChinese(answer.question) ? "zh-CN" : "en";
  return make(
    "div",
    { className: `answer ${answer.status}` },
    HEADS[answer.status] ? make("p", { className: "head" }, HEADS[answer.status]) : null,
    shortAnswers(answer),
    make("p", { className: "text", lang }, ...withButtons(answer.answer, answer.citations, open)),
    table(answer, open),
    related(answer, open),
    sources(answer, open),
    actions(answer, vote),
  );
}
