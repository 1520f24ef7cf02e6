// Here is an answer; say who put it into words and what could not be done. Offer the choice of both.

import { call } from "./call.js";
import { make } from "./make.js";
import { has, remember, remembered, t } from "./words.js";

const NAME = "generative";
const MOST = 200; // conversations whose choice is remembered

let chosen = new Set((remembered(NAME) ?? "").split(" ").filter(Boolean));

// The choice of one page: `box` is the switch, `row` what stands around it.
export function writerChoice(row, box) {
  let conversation = null;

  function keep() {
    if (conversation === null) return;
    chosen.delete(conversation);
    if (box.checked) chosen.add(conversation);
    chosen = new Set([...chosen].slice(-MOST));
    remember(NAME, [...chosen].join(" "));
  }
  box.onchange = keep;

  return {
    // Whether the model is to write the next answer.
    get wanted() {
      return !row.hidden && box.checked;
    },
    // The switch is shown only where there is a model.
    async offer() {
      const { data } = await call("/v1/models");
      row.hidden = !data.some((model) => model.id === "unionqa-generative");
      document.body.classList.toggle("with-model", !row.hidden);
    },
    // Another conversation is open, null for a new one: each has its own choice.
    at(id) {
      conversation = id;
      box.checked = chosen.has(id);
    },
    // The new conversation has got its name, and keeps what was chosen.
    named(id) {
      conversation = id;
      keep();
    },
  };
}

function lacking(code, mode) {
  for (const name of [`w_${code}_${mode}`, `w_${code}`]) if (has(name)) return t(name);
  return t("w_other", code);
}

// Who wrote, and what was asked for and could not be done; nothing of the first on a refusal.
export function writtenBy(answer) {
  const said = answer.degraded.map((code) => lacking(code, answer.mode));
  const found = answer.status !== "not_found";
  // without a model nobody need be told who wrote
  const silent = answer.mode === "extractive" && !said.length ? "only-with-model" : "";
  const by = found ? make("span", { className: `by ${silent}` }, t(`by_${answer.mode}`)) : null;
  return make("p", { className: "writer" }, by, ...said.map((words) => make("span", { className: "lack" }, words)));
}
