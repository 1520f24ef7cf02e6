// Here is who asks; list their conversations, and let them open, name or delete one.

import { call, patch, request } from "./call.js";
import { make } from "./make.js";
import { t } from "./words.js";

const DAY = 24 * 3600 * 1000;

function period(iso) {
  const at = new Date(iso);
  if (at.toDateString() === new Date().toDateString()) return "today";
  return Date.now() - at.getTime() < 7 * DAY ? "week" : "earlier";
}

// `open(id)` shows one, `gone(id)` is told when one is deleted. Gives a function that lists anew.
export function talks(list, current, open, gone) {
  const path = (one) => `/v1/conversations/${encodeURIComponent(one.conversation_id)}`;

  function renaming(one, item) {
    const input = make("input", { value: one.title, maxLength: 200, required: true, "aria-label": t("newName") });
    const form = make("form", {}, input, make("button", { className: "quiet" }, t("save")));
    form.onsubmit = async (event) => {
      event.preventDefault();
      const title = input.value.trim();
      if (title) await patch(path(one), { title });
      await show();
    };
    form.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      show();
    };
    item.replaceChildren(form);
    input.select();
  }

  async function remove(one, button) {
    if (button.dataset.sure !== "yes") {
      button.dataset.sure = "yes";
      button.textContent = t("removeSure");
      button.removeAttribute("aria-label");
      button.onblur = () => show();
      return;
    }
    button.onblur = null;
    await request(path(one), { method: "DELETE" });
    gone(one.conversation_id);
    await show();
  }

  function element(one) {
    const item = make("li", { className: "talk" });
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
    item.append(link, rename, drop);
    return item;
  }

  async function show() {
    const { conversations } = await call("/v1/conversations?limit=100");
    const found = [];
    for (const name of ["today", "week", "earlier"]) {
      const part = conversations.filter((one) => period(one.updated_at) === name);
      if (part.length) found.push(make("h2", {}, t(name)), make("ul", {}, ...part.map(element)));
    }
    list.replaceChildren(...(found.length ? found : [make("p", { className: "facts" }, t("none"))]));
  }

  return show;
}
