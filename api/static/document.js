// Here is the address of an article; show it, with the span after # marked.

import { showArticle, spanOf } from "./article.js";
import { bar } from "./bar.js";
import { make } from "./make.js";
import { t } from "./words.js";

const container = document.getElementById("article");
const id = decodeURIComponent(location.pathname.split("/").pop());

async function show() {
  try {
    const article = await showArticle(container, id, spanOf(location.hash), 1);
    document.title = `${article.title} · ${t("name")}`;
  } catch (error) {
    container.removeAttribute("aria-busy");
    const back = make("a", { href: "/articles" }, t("toArticles"));
    container.replaceChildren(make("h1", {}, t("article")), make("p", { className: "problem", role: "alert" }, error.message), make("p", {}, back));
  }
}

window.addEventListener("hashchange", show);
// the chat page puts an article's address in without leaving itself; reloaded there, the way back
// leads to an address that is not this page's
const own = location.pathname;
window.addEventListener("popstate", () => {
  if (location.pathname !== own) location.reload();
});
bar("").catch(() => {});
show();
