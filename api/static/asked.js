// Here is whoever looks after the articles; show them what was asked and not found.

import { bar } from "./bar.js";
import { call } from "./call.js";
import { columnChart, dayOf } from "./columns.js";
import { make } from "./make.js";
import { english, number, t } from "./words.js";

const days = document.getElementById("days");
const report = document.getElementById("report");
const SPANS = [7, 30, 90, 365];

// Dates and counts stay on one line.
function cell(text, label) {
  return make("td", { role: "cell", className: /^[\d,-]*$/.test(text) ? "short-cell" : "", "data-label": label }, text);
}

// A column in which nothing stands is left out.
function table(names, lines) {
  const used = names.map((_, at) => at).filter((at) => lines.some((line) => line[at] !== ""));
  const part = (line) => used.map((at) => line[at]);
  const [columns, rows] = [part(names), lines.map(part)];
  const head = columns.map((name) => make("th", { scope: "col", role: "columnheader" }, t(name)));
  const body = rows.map((row) => make("tr", { role: "row" }, ...row.map((text, at) => cell(text, t(columns[at])))));
  return make(
    "div",
    { className: "wide", tabIndex: 0, role: "region", "aria-label": columns.map((name) => t(name)).join(t("comma")) },
    // the roles stay said where a phone's look takes them from the elements
    make("table", { className: "words", role: "table" }, make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...head)), make("tbody", { role: "rowgroup" }, ...body)),
  );
}

function section(name, body) {
  return make("section", { className: name }, make("h2", {}, t(name)), body ?? make("p", { className: "facts" }, t("nothing")));
}

const day = (iso) => dayOf(new Date(iso));
const link = (href, text) => make("a", { href, lang: "zh-CN" }, text);

function refused(found) {
  if (!found.length) return null;
  return table(["question", "times", "last", "others"], found.map((one) => [
    one.question, number(one.times), day(one.last_asked_at), one.others.join("；"),
  ]));
}

function down(found) {
  if (!found.length) return null;
  return table(["question", "answer", "remark", "date"], found.map((one) => [
    one.question, one.answer, one.comment ?? "", day(one.voted_at),
  ]));
}

function used(found) {
  if (!found.length) return null;
  return table(["title", "times"], found.slice(0, 20).map((one) => [
    link(`/documents/${encodeURIComponent(one.document_id)}`, one.title), number(one.times),
  ]));
}

function perDay(found) {
  if (!found.length) return null;
  const rows = found.map((one) => [one.day, number(one.questions), number(one.refused)]);
  const numbers = make("details", {}, make("summary", {}, t("inNumbers")), table(["date", "questions", "missed"], rows));
  return make("div", {}, columnChart(found, Number(days.value), t("perDay")), numbers);
}

async function show() {
  const query = `days=${days.value}`;
  const counted = `${query}&offset=${-new Date().getTimezoneOffset()}`;
  document.getElementById("export").href = `/v1/asked.csv?${counted}${english ? "&language=en" : ""}`;
  history.replaceState(null, "", `/asked?${query}`);
  try {
    const found = await call(`/v1/asked?${counted}`);
    report.replaceChildren(
      section("refused", refused(found.refused)),
      section("downTitle", down(found.down)),
      section("used", used(found.documents)),
      section("perDay", perDay(found.days)),
    );
  } catch (error) {
    report.replaceChildren(make("p", { className: "problem" }, error.message));
    document.querySelector(".filter").hidden = error.code === "forbidden";
  }
}

const given = Number(new URLSearchParams(location.search).get("days"));
days.replaceChildren(...SPANS.map((span) => make("option", { value: String(span) }, t("days", span))));
days.value = String(SPANS.includes(given) ? given : 30);
days.onchange = show;
document.title = `${t("askedTitle")} · ${t("name")}`;
bar("/asked").catch(() => {});
show();
