// Here are days with their questions; give me a column for each day, those not answered in grey.

import { draw, drawing, span } from "./chart.js";
import { number, t } from "./words.js";

const [TOP, HIGH, FOOT] = [56, 140, 24];

// The day of this clock as 2021-03-05, which is how Swedes write it.
export const dayOf = (at) => at.toLocaleDateString("sv-SE");

// The last `count` days, those without a question too.
function filled(found, count) {
  const known = new Map(found.map((one) => [one.day, one]));
  return Array.from({ length: count }, (_, at) => {
    const then = new Date();
    then.setDate(then.getDate() - (count - 1 - at));
    const day = dayOf(then);
    return known.get(day) ?? { day, questions: 0, refused: 0 };
  });
}

export function columnChart(found, count, title) {
  const days = filled(found, count);
  const sum = (name) => days.reduce((all, one) => all + one[name], 0);
  const most = Math.max(...days.map((one) => one.questions));
  const said = [count, sum("questions"), sum("refused"), most].map(number);
  const [wide] = span();
  const svg = drawing(wide, TOP + HIGH + FOOT, title, t("perDaySum", ...said));
  const step = wide / count;
  const tall = (value) => (HIGH * value) / (most || 1);
  const column = (at, value, look) => draw("rect", {
    x: at * step, y: TOP + HIGH - tall(value), width: Math.max(1, step * 0.8), height: tall(value), ...look,
  });
  days.forEach((one, at) => {
    if (one.questions) svg.append(column(at, one.questions, { fill: "#9b1c1c", class: "fill" }));
    if (one.refused) svg.append(column(at, one.refused, { fill: "#8a8781", class: "pale" }));
  });
  const line = draw("line", { x1: 0, x2: wide, y1: TOP + HIGH, y2: TOP + HIGH, stroke: "#8a8781" });
  const word = (x, y, anchor, text) => draw("text", { x, y, "text-anchor": anchor, fill: "#1d1d1b", class: "ink" }, text);
  svg.append(line, word(0, 15, "start", t("perDaySum", ...said)));
  // which colour is which: the grey foot of a column is the part that was not answered
  const square = (x, look) => draw("rect", { x, y: 29, width: 12, height: 12, ...look });
  svg.append(square(0, { fill: "#9b1c1c", class: "fill" }), word(18, 40, "start", t("found")));
  svg.append(square(100, { fill: "#8a8781", class: "pale" }), word(118, 40, "start", t("missed")));
  svg.append(word(0, TOP + HIGH + 18, "start", days[0].day), word(wide, TOP + HIGH + 18, "end", days.at(-1).day));
  return svg;
}
