// Here is an article's id and a span; show the article with the span marked, in the middle.

import { call, request } from "./call.js";
import { copyText } from "./copy.js";
import { make } from "./make.js";
import { t } from "./words.js";

// The service counts characters, JavaScript halves of surrogate pairs: count as the service does.
export function characters(text) {
  const plain = !/[\ud800-\udfff]/.test(text);
  const points = plain ? text : Array.from(text);
  return {
    length: points.length,
    slice: (start, end) => (plain ? text.slice(start, end) : points.slice(start, end).join("")),
  };
}

export function spanOf(hash) {
  const found = /^#c(\d+)-(\d+)$/.exec(hash);
  return found ? { start: Number(found[1]), end: Number(found[2]) } : null;
}

export function facts(about) {
  const date = about.date && about.date_inferred ? t("inferred", about.date) : about.date;
  return [about.region, date, about.publisher].filter(Boolean).join(" · ");
}

// [start, end) of the text, with the part inside `span` in a <mark>.
function marked(text, start, end, span) {
  const from = span ? Math.max(start, span.start) : end;
  const to = span ? Math.min(end, span.end) : end;
  if (from >= to) return [text.slice(start, end)];
  return [text.slice(start, from), make("mark", {}, text.slice(from, to)), text.slice(to, end)];
}

function paragraphs(article, span, level) {
  const text = characters(article.text);
  const headings = new Set(article.chunks.map((chunk) => chunk.heading.trim()).filter(Boolean));
  const found = [];
  let start = 0;
  for (const one of article.text.split("\n")) {
    const end = start + characters(one).length;
    const trimmed = one.trim();
    if (trimmed) {
      const tag = headings.has(trimmed) ? `h${level + 1}` : "p";
      found.push(make(tag, {}, ...marked(text, start, end, span)));
    }
    start = end + 1;
  }
  return found;
}

function toMark(container) {
  const mark = container.querySelector("mark");
  if (mark) mark.scrollIntoView({ block: "center" });
}

// Buttons over the article: the source as published, and the quote for a report.
function tools(article, path, body, clean, span) {
  const said = make("span", { className: "said", role: "status" });
  const turn = make("button", { type: "button", className: "quiet", "aria-pressed": "false" }, t("published"));
  turn.onclick = async () => {
    const published = turn.getAttribute("aria-pressed") === "true";
    if (published) {
      body.replaceChildren(...clean);
    } else {
      const source = await (await request(`${path}/source`)).text();
      const place = span && span.source_end ? { start: span.source_start, end: span.source_end } : null;
      const text = characters(source);
      body.replaceChildren(make("pre", { className: "published" }, ...marked(text, 0, text.length, place)));
    }
    turn.setAttribute("aria-pressed", String(!published));
    turn.textContent = t(published ? "published" : "cleaned");
    toMark(body);
  };
  const row = make("p", { className: "actions" }, turn);
  if (span) {
    const quote = characters(article.text).slice(span.start, span.end);
    const text = t("quoted", quote, [article.title, facts(article)].filter(Boolean).join(" · "));
    const copy = async () => {
      try {
        await copyText(text);
        said.textContent = t("copied");
      } catch {
        said.textContent = t("notCopied");
      }
    };
    row.append(make("button", { type: "button", className: "quiet", onclick: copy }, t("copyQuote")));
  }
  row.append(said);
  return row;
}

// `level` is that of the title among the headings of the page.
export async function showArticle(container, id, span, level = 2) {
  container.setAttribute("aria-busy", "true");
  const path = `/v1/documents/${encodeURIComponent(id)}`;
  const article = await call(path);
  const source = make("a", { href: `${path}/source` }, t("download"));
  const original = article.url
    ? make("a", { href: article.url, rel: "noopener noreferrer", target: "_blank" }, t("web"))
    : null;
  const clean = paragraphs(article, span, level);
  const body = make("div", { lang: "zh-CN" }, ...clean);
  container.replaceChildren(
    make(`h${level}`, { className: "called", lang: "zh-CN" }, article.title || article.source),
    make("p", { className: "facts" }, facts(article)),
    tools(article, path, body, clean, span),
    body,
    make("p", { className: "origin" }, `${t("file", article.source)} `, source, " ", original),
  );
  container.removeAttribute("aria-busy");
  toMark(container);
  return article;
}
