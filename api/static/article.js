// Here is an article's id and a span; show the article with the span marked, in the middle.

import { call } from "./call.js";
import { make } from "./make.js";

// The service counts characters, JavaScript halves of surrogate pairs: count as the service does.
function characters(text) {
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
  const date = about.date && about.date_inferred ? `${about.date}（推断）` : about.date;
  return [about.region, date, about.publisher].filter(Boolean).join(" · ");
}

// One line of the text, [start, end), with the part inside `span` in a <mark>.
function line(text, start, end, span) {
  const from = span ? Math.max(start, span.start) : end;
  const to = span ? Math.min(end, span.end) : end;
  if (from >= to) return [text.slice(start, end)];
  return [
    text.slice(start, from),
    make("mark", {}, text.slice(from, to)),
    text.slice(to, end),
  ];
}

function paragraphs(article, span) {
  const text = characters(article.text);
  const headings = new Set(article.chunks.map((chunk) => chunk.heading.trim()).filter(Boolean));
  const found = [];
  let start = 0;
  for (const one of article.text.split("\n")) {
    const end = start + characters(one).length;
    const trimmed = one.trim();
    if (trimmed) {
      const tag = headings.has(trimmed) ? "h3" : "p";
      found.push(make(tag, {}, ...line(text, start, end, span)));
    }
    start = end + 1;
  }
  return found;
}

export async function showArticle(container, id, span) {
  container.setAttribute("aria-busy", "true");
  const path = `/v1/documents/${encodeURIComponent(id)}`;
  const article = await call(path);
  const source = make("a", { href: `${path}/source` }, "下载原文");
  const original = article.url
    ? make("a", { href: article.url, rel: "noopener noreferrer", target: "_blank" }, "原网页")
    : null;
  container.replaceChildren(
    make("h2", {}, article.title || article.source),
    make("p", { className: "facts" }, facts(article)),
    ...paragraphs(article, span),
    make("p", { className: "origin" }, `文件：${article.source} `, source, " ", original),
  );
  container.removeAttribute("aria-busy");
  const mark = container.querySelector("mark");
  if (mark) mark.scrollIntoView({ block: "center" });
  return article;
}
