// Here is an answer; give me the buttons to say whether it was right, and what was wrong.

import { post } from "./call.js";
import { make } from "./make.js";
import { t } from "./words.js";

export function voting(answer, said, feedback) {
  const note = make("textarea", { rows: 2, maxLength: 2000, "aria-label": t("comment"), placeholder: t("comment") });
  note.value = feedback && feedback.comment ? feedback.comment : "";
  const form = make("form", { className: "comment", hidden: true }, note, make("button", { className: "quiet" }, t("send")));
  const buttons = {};

  async function vote(value, comment) {
    try {
      await post("/v1/feedback", { answer_id: answer.answer_id, vote: value, comment });
      for (const [name, one] of Object.entries(buttons)) one.setAttribute("aria-pressed", String(name === value));
      said.textContent = t("thanks");
    } catch (error) {
      said.textContent = error.message;
    }
  }

  for (const value of ["up", "down"]) {
    const pressed = String(Boolean(feedback && feedback.vote === value));
    buttons[value] = make("button", { type: "button", className: `quiet ${value}`, "aria-pressed": pressed }, t(value));
    buttons[value].onclick = async () => {
      form.hidden = value === "up";
      await vote(value, null);
      if (value === "down") note.focus();
    };
  }
  form.onsubmit = async (event) => {
    event.preventDefault();
    await vote("down", note.value.trim() || null);
    form.hidden = true;
    buttons.down.focus();
  };
  return [buttons.up, buttons.down, said, form];
}
