// Here is an answer; give me the buttons to say whether it was right, and what is to be said of it.

import { post, request } from "./call.js";
import { make } from "./make.js";
import { t } from "./words.js";

export function voting(answer, said, feedback) {
  let kept = feedback; // {vote, comment}, null where nobody voted
  const note = make("textarea", { rows: 2, maxLength: 2000 });
  const withdraw = make("button", { type: "button", className: "quiet" }, t("withdraw"));
  const form = make("form", { className: "comment" }, note, make("button", { className: "quiet" }, t("send")), withdraw);
  const remark = make("span", { className: "remark facts" });
  const buttons = {};

  function show(open) {
    for (const [name, one] of Object.entries(buttons)) {
      one.setAttribute("aria-pressed", String(kept?.vote === name));
      one.setAttribute("aria-expanded", String(open && kept?.vote === name));
    }
    note.placeholder = t(kept?.vote === "up" ? "commentUp" : "comment");
    note.setAttribute("aria-label", note.placeholder);
    note.value = kept?.comment ?? "";
    form.hidden = !open;
    remark.hidden = open || !kept?.comment;
    remark.textContent = kept?.comment ? t("remarkOf", kept.comment) : "";
  }

  // Does it, and says so; whether it was done.
  async function telling(work, words) {
    try {
      kept = await work();
      said.textContent = t(words);
      return true;
    } catch (error) {
      said.textContent = error.message;
      return false;
    }
  }

  const vote = (value, comment) => telling(async () => {
    const { vote: now, comment: written } = await post("/v1/feedback", { answer_id: answer.answer_id, vote: value, comment });
    return { vote: now, comment: written };
  }, "thanks");

  for (const value of ["up", "down"]) {
    buttons[value] = make("button", { type: "button", className: `quiet ${value}` }, t(value));
    buttons[value].onclick = async () => {
      // what was written stays; a vote that is there already only shows it
      if (kept?.vote === value) show(form.hidden);
      else if (await vote(value, kept?.comment ?? null)) show(true);
      if (value === "down" && !form.hidden) note.focus();
    };
  }
  form.onsubmit = async (event) => {
    event.preventDefault();
    const value = kept.vote;
    if (!(await vote(value, note.value.trim() || null))) return;
    show(false);
    buttons[value].focus();
  };
  withdraw.onclick = async () => {
    const { vote: value } = kept;
    const path = `/v1/feedback/${encodeURIComponent(answer.answer_id)}`;
    const done = await telling(async () => {
      await request(path, { method: "DELETE" });
      return null;
    }, "withdrawn");
    if (!done) return;
    show(false);
    buttons[value].focus();
  };
  show(false);
  return [buttons.up, buttons.down, said, remark, form];
}
