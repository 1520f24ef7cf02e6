// Here are labelled values of one unit; give me a bar chart that can also be read out and saved.

import { saveFile } from "./copy.js";
import { t } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const [ROW, BAR, LETTER, GAP] = [36, 20, 8, 12];

// A drawing shrinks with its page; on a phone it is drawn narrower, so that its words stay as large.
// The width, and the most that a label may have of it.
export function span() {
  return matchMedia("(max-width: 559px)").matches ? [340, 104] : [640, 190];
}

export function draw(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

// A Chinese character is two letters wide.
const letters = (one) => (one.codePointAt(0) < 0x2000 ? 1 : 2);

// How wide the longest of the texts is drawn, with a gap, `most` at most.
function column(texts, most) {
  const wide = texts.map((text) => [...text].reduce((all, one) => all + letters(one), 0));
  return Math.min(most, LETTER * Math.max(...wide) + GAP);
}

// As much of the text as fits.
function cut(text, most) {
  let [wide, kept] = [0, ""];
  for (const one of text) {
    wide += letters(one);
    if (wide > most) return `${kept}…`;
    kept += one;
  }
  return kept;
}

// Classifiers that count the same things: 79个 and 41家 service stations may stand side by side.
const COUNTERS = ["人名位", "个家座处所间"];

function counted(unit) {
  return COUNTERS.find((all) => unit && unit.length === 1 && all.includes(unit)) ?? unit;
}

// How an answer begins whose figures must not be set side by side: other deeds, units or years.
const APART = /^(?:不能|口径不同|These cannot be |These are different )/;

// The answers of a table as bars, if they are figures of one unit and one kind; null otherwise.
export function comparable(answer) {
  const figures = answer.short_answers.filter((one) => one.value !== null && one.region);
  const regions = new Set(figures.map((one) => one.region));
  const units = new Set(figures.map((one) => counted(one.unit)));
  if (!answer.table || figures.length < 2 || units.size !== 1 || regions.size !== figures.length) return null;
  if (figures.some((one) => one.value < 0) || APART.test(answer.answer)) return null;
  return figures.map((one) => ({ label: one.region, value: one.value, unit: one.unit, printed: one.text }));
}

const TEN_THOUSAND = 10_000;

function scaleOf(printed) {
  return /[百千万亿]*(?=\D*$)/.exec(printed.replace(/^\D*[\d.,，]*/, ""))?.[0] ?? "";
}

// The bars with `figure` in one unit, 万 where the largest is that large; null where the printed
// ones are of one unit already. 近8500元 stays as printed: in another unit it would look exact.
export function inOneUnit(bars) {
  if (new Set(bars.map((one) => scaleOf(one.printed))).size === 1) return null;
  const large = bars.some((one) => one.value >= TEN_THOUSAND);
  const inUnit = (value) => (large ? value / TEN_THOUSAND : value).toLocaleString("zh-CN", { maximumFractionDigits: 6 });
  const exact = (printed) => /^[\d.,，]+[百千万亿]*[^\d余多百千万亿]+$/.test(printed);
  return bars.map((one) => ({ ...one, figure: exact(one.printed) ? `${inUnit(one.value)}${large ? "万" : ""}${one.unit}` : one.printed }));
}

// An empty drawing with a name and a description for who cannot see it.
export function drawing(width, height, title, description) {
  const id = `chart-${Math.random().toString(36).slice(2)}`;
  const svg = draw("svg", {
    xmlns: SVG, viewBox: `0 0 ${width} ${height}`, role: "img", class: "chart",
    "aria-labelledby": `${id}-t`, "aria-describedby": `${id}-d`, "font-family": "sans-serif", "font-size": 15,
  });
  svg.append(draw("title", { id: `${id}-t` }, t("chart", title)));
  svg.append(draw("desc", { id: `${id}-d` }, description));
  return svg;
}

// `bars` are {label, value, printed}; colours are attributes for the saved file, classes for the page.
export function barChart(bars, title) {
  const [wide, widest] = span();
  const label = column(bars.map((one) => one.label), widest);
  const value = column(bars.map((one) => one.printed), widest);
  const described = bars.map((one) => t("chartOf", one.label, one.printed)).join("；");
  const svg = drawing(wide, bars.length * ROW + 8, title, described);
  const most = Math.max(...bars.map((one) => one.value)) || 1;
  bars.forEach((one, at) => {
    const y = 4 + at * ROW;
    const width = Math.max(2, ((wide - label - value) * one.value) / most);
    const middle = y + BAR / 2 + 5;
    svg.append(
      draw("text", { x: 0, y: middle, fill: "#1d1d1b", class: "ink" }, cut(one.label, Math.floor((label - GAP) / LETTER))),
      draw("rect", { x: label, y, width, height: BAR, rx: 3, fill: "#9b1c1c", class: "fill" }),
      draw("text", { x: label + width + 8, y: middle, fill: "#1d1d1b", class: "ink" }, cut(one.printed, Math.floor((value - GAP) / LETTER))),
    );
  });
  return svg;
}

export function saveChart(svg, title) {
  const copy = svg.cloneNode(true);
  copy.setAttribute("width", svg.viewBox.baseVal.width);
  copy.setAttribute("height", svg.viewBox.baseVal.height);
  const name = title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 40) || "chart";
  saveFile(`${name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(copy));
}
