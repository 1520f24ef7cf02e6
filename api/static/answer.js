// Here is an answer; give me the element that shows it. `open(citation)` shows a source.

import { characters, facts } from "./article.js";
import { barChart, comparable, inOneUnit, saveChart } from "./chart.js";
import { copyText, tabbed } from "./copy.js";
import { make } from "./make.js";
import { tipped } from "./tip.js";
import { voting } from "./vote.js";
import { t } from "./words.js";
import { writtenBy } from "./writer.js";

function isChinese(text) {
  return /[\u3400-\u9fff]/.test(text);
}

function citationButton(citation, open) {
  const name = t("cite", citation.id, citation.title || citation.source);
  const button = make("button", { type: "button", className: "cite", "aria-label": name }, String(citation.id));
  button.onclick = () => open(citation);
  return tipped(button, citation.quote);
}

// "…163万元。[1]" → the text, with a button in place of each [n] that is a citation.
function withButtons(text, citations, open) {
  return text.split(/(\[\d+\])/).map((part) => {
    const found = /^\[(\d+)\]$/.exec(part);
    const citation = found && citations.find((one) => one.id === Number(found[1]));
    return citation ? citationButton(citation, open) : part;
  });
}

function button(label, onclick) {
  return make("button", { type: "button", className: "quiet", onclick }, label);
}

// Copies, and says so where `said` is.
async function copying(text, said) {
  said.textContent = "";
  try {
    await copyText(text);
    said.textContent = t("copied");
  } catch {
    said.textContent = t("notCopied");
  }
}

// Characters of the large type on a line of a phone.
const LINE = 11;

function shortAnswers(answer, said) {
  if (!answer.short_answers.length || answer.table) return null;
  // a list, or a name as long as a line, is read better in smaller type, one under the other
  const many = answer.short_answers.length > 3 || answer.short_answers.some((one) => one.text.length > LINE);
  return make(
    "p",
    { className: many ? "short several" : "short", lang: "zh-CN" },
    ...answer.short_answers.map((one) =>
      make(
        "button",
        { type: "button", className: "figure", title: t("copyFigure", one.text), onclick: () => copying(one.text, said) },
        one.text,
      ),
    ),
  );
}

function table(answer, open) {
  if (!answer.table) return null;
  const said = make("span", { className: "said", role: "status" });
  const { columns, rows } = answer.table;
  const cite = (ids) =>
    ids.map((id) => answer.citations.find((one) => one.id === id)).filter(Boolean)
      .map((citation) => citationButton(citation, open));
  const head = columns.map((name) => make("th", { scope: "col" }, name));
  head.push(make("th", { scope: "col", lang: document.documentElement.lang }, t("sources")));
  const bars = comparable(answer);
  const figures = bars ? inOneUnit(bars) : null;
  // figures of one unit under each other, each with the printed one under it
  const printed = (row, cell) => {
    const bar = figures?.find((one) => one.label === row.region && one.printed === cell);
    return bar && bar.figure !== cell ? [bar.figure, make("small", {}, cell)] : [cell];
  };
  const body = rows.map((row) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, row.region),
      ...row.cells.map((cell) => make("td", { className: row.citations.length ? "" : "missing" }, ...printed(row, cell))),
      make("td", {}, ...cite(row.citations)),
    ),
  );
  const whole = make(
    "div",
    { className: "wide", tabIndex: 0, role: "region", "aria-label": answer.question, lang: isChinese(answer.question) ? "zh-CN" : "en" },
    make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body)),
  );
  const chart = bars ? barChart(bars, answer.question) : null;
  const titles = (row) => row.citations.map((id) => answer.citations.find((one) => one.id === id)?.title ?? "").join("；");
  const copied = () => tabbed([[...columns, t("sources")], ...rows.map((row) => [row.region, ...row.cells, titles(row)])]);
  const tools = make("p", { className: "actions" }, button(t("copyTable"), () => copying(copied(), said)));
  if (chart) tools.append(button(t("saveChart"), () => saveChart(chart, answer.question)));
  tools.append(said);
  return make("div", { className: "compared" }, whole, chart, tools);
}

function related(answer, open) {
  if (!answer.related.length) return null;
  const items = answer.related.map((near) => {
    const citation = answer.citations.find((one) => one.id === near.citation);
    return make(
      "li",
      {},
      make("span", { className: "note", lang: isChinese(near.note) ? "zh-CN" : "en" }, near.note),
      ...(citation
        ? [make("q", { lang: "zh-CN" }, citation.quote), citationButton(citation, open)]
        : []),
    );
  });
  return make(
    "section",
    { className: "related" },
    make("h3", {}, t("related")),
    make("ul", {}, ...items),
  );
}

// As much of a sentence as tells passages of one article apart.
const QUOTED = 60;

function shortened(quote) {
  const all = characters(quote);
  return all.length > QUOTED ? `${all.slice(0, QUOTED)}…` : quote;
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
        make("span", { className: "title", lang: "zh-CN" }, citation.title || citation.source),
        make("span", { className: "facts" }, facts(citation)),
        make("span", { className: "quoted", lang: "zh-CN" }, shortened(citation.quote)),
      ),
    ),
  );
  return make("section", { className: "sources" }, make("h3", {}, t("sources")), make("ol", {}, ...items));
}

export function plainText(answer) {
  const lines = answer.citations.map(
    (one) => `[${one.id}] ${one.title}（${facts(one)}）“${one.quote}” ${location.origin}${one.url}`,
  );
  const by = answer.mode === "generative" ? [t("quotedBy", t("by_generative"))] : [];
  return [answer.answer, ...by, ...lines].join("\n");
}

export function answerElement(answer, open, feedback = null) {
  const lang = isChinese(answer.question) ? "zh-CN" : "en";
  const said = make("span", { className: "said", role: "status" });
  const head = answer.status === "answered" ? null : make("p", { className: "head" }, t(answer.status));
  return make(
    "div",
    { className: `answer ${answer.status}` },
    head,
    shortAnswers(answer, said),
    make("p", { className: "text", lang }, ...withButtons(answer.answer, answer.citations, open)),
    writtenBy(answer),
    table(answer, open),
    related(answer, open),
    sources(answer, open),
    make("p", { className: "actions" }, button(t("copy"), () => copying(plainText(answer), said)), ...voting(answer, said, feedback)),
  );
}
