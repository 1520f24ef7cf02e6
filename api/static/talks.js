// Here is who asks; list their conversations, and let them open, name or delete one.

import { call, patch, request } from "./call.js";
import { make } from "./make.js";
import { t } from "./words.js";

const STOPS = "a, button";
const DAY = 24 * 3600 * 1000;

function period(iso) {
  const at = new Date(iso);
  if (at.toDateString() === new Date().toDateString()) return "today";
  return Date.now() - at.getTime() < 7 * DAY ? "week" : "earlier";
}

// `open(id)` shows one, `gone(id)` is told when one is deleted. Gives a function that lists anew.
export function talks(list, current, open, gone) {
  const path = (one) => `/v1/conversations/${encodeURIComponent(one.conversation_id)}`;
  const focus = (id, at = 0) => [...list.querySelectorAll(".talk")].find((item) => item.dataset.id === id)?.querySelectorAll(STOPS)[at].focus();
  let [listed, cursor] = [[], null];

  // What went wrong stands over the list until it is drawn again.
  async function trying(work) {
    try {
      await work();
    } catch (error) {
      list.querySelector(".problem")?.remove();
      list.prepend(make("p", { className: "problem", role: "alert" }, error.message));
    }
  }

  function renaming(one, item) {
    const input = make("input", { value: one.title, maxLength: 200, required: true, "aria-label": t("newName") });
    const form = make("form", {}, input, make("button", { className: "quiet" }, t("save")));
    form.onsubmit = (event) => {
      event.preventDefault();
      const title = input.value.trim();
      trying(async () => {
        if (title) await patch(path(one), { title });
        form.remove();
        await show();
        focus(one.conversation_id);
      });
    };
    form.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      draw();
      focus(one.conversation_id);
    };
    item.replaceChildren(form);
    input.select();
  }

  function remove(one, button) {
    if (button.dataset.sure !== "yes") {
      button.dataset.sure = "yes";
      button.textContent = t("removeSure");
      button.removeAttribute("aria-label");
      button.onblur = draw;
      return;
    }
    button.onblur = null;
    trying(async () => {
      await request(path(one), { method: "DELETE" });
      delete button.dataset.sure;
      gone(one.conversation_id);
      await show();
    });
  }

  function element(one) {
    const item = make("li", { className: "talk" });
    item.dataset.id = one.conversation_id;
    const link = make("a", { href: `/?c=${encodeURIComponent(one.conversation_id)}`, title: one.title }, one.title);
    if (one.conversation_id === current()) link.setAttribute("aria-current", "true");
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(one.conversation_id);
    };
    const rename = make("button", { type: "button", className: "small", "aria-label": t("renameOf", one.title) }, t("rename"));
    rename.onclick = () => renaming(one, item);
    const drop = make("button", { type: "button", className: "small", "aria-label": t("removeOf", one.title) }, t("remove"));
    drop.onclick = () => remove(one, drop);
    item.append(link, make("span", { className: "deeds" }, rename, drop));
    return item;
  }

  function draw() {
    const found = [];
    for (const name of ["today", "week", "earlier"]) {
      const part = listed.filter((one) => period(one.updated_at) === name);
      if (part.length) found.push(make("h2", {}, t(name)), make("ul", {}, ...part.map(element)));
    }
    if (cursor) found.push(make("button", { type: "button", className: "quiet begin", onclick: () => trying(further) }, t("more")));
    const now = document.activeElement;
    const item = now.closest(".talk");
    const at = item ? [...item.querySelectorAll(STOPS)].indexOf(now) : -1;
    list.replaceChildren(...(found.length ? found : [make("p", { className: "facts" }, t("none"))]));
    if (at >= 0) focus(item.dataset.id, at); // the list is new, the person is where they were
  }

  async function further() {
    const { conversations, next_cursor: next } = await call(`/v1/conversations?limit=100&cursor=${cursor}`);
    [listed, cursor] = [[...listed, ...conversations], next];
    draw();
    focus(conversations[0]?.conversation_id);
  }

  async function show() {
    const { conversations, next_cursor: next } = await call("/v1/conversations?limit=100");
    // an answer that comes while somebody types a name, or is about to delete, must not disturb them
    if (list.querySelector("form, [data-sure]")) return;
    [listed, cursor] = [conversations, next];
    draw();
  }

  return show;
}
