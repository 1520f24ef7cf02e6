// Here is a page; give it the bar on top: where one can go, the language, the theme, signing out.

import { call, request } from "./call.js";
import { make } from "./make.js";
import { english, fill, remember, t } from "./words.js";

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function themeButton() {
  const label = () => t(isDark() ? "light" : "dark");
  const button = make("button", { type: "button", className: "quiet", id: "theme" }, label());
  button.onclick = () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    remember("theme", theme);
    button.textContent = label();
  };
  return button;
}

function languageButton() {
  const lang = english ? "zh-CN" : "en";
  const button = make("button", { type: "button", className: "quiet", id: "language", lang }, t("other"));
  button.onclick = () => {
    remember("language", english ? "zh" : "en");
    location.reload();
  };
  return button;
}

async function signOut() {
  await request("/v1/session", { method: "DELETE" });
  location.assign("/signin");
}

// The menu of a narrow page goes with Escape, and with a touch or the focus elsewhere.
function putAway(header, nav, menu, show) {
  const elsewhere = (target) => !nav.contains(target) && !menu.contains(target);
  header.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !nav.classList.contains("shown")) return;
    event.stopPropagation();
    show(false);
    menu.focus();
  });
  document.addEventListener("pointerdown", (event) => elsewhere(event.target) && show(false));
  document.addEventListener("focusin", (event) => elsewhere(event.target) && show(false));
}

// Fill the bar; `extra` elements stand before the links. Gives who is signed in.
export async function bar(current, ...extra) {
  fill();
  const header = document.getElementById("bar");
  const links = [["/", "ask"], ["/articles", "articles"], ["/asked", "asked"]].map(([href, name]) =>
    make("a", { href, id: `to-${name}`, "aria-current": href === current ? "page" : null }, t(name)),
  );
  const nav = make("nav", { id: "nav", className: "nav", "aria-label": t("menu") }, ...links, languageButton(), themeButton());
  const menu = make("button", { type: "button", className: "quiet menu", "aria-expanded": "false", "aria-controls": "nav" }, t("menu"));
  const show = (open) => {
    nav.classList.toggle("shown", open);
    menu.setAttribute("aria-expanded", String(open));
  };
  menu.onclick = () => show(!nav.classList.contains("shown"));
  putAway(header, nav, menu, show);
  const name = make("a", { href: "/" }, t("name"));
  header.replaceChildren(...extra, make(current === "/" ? "h1" : "p", { className: "home" }, name), menu, nav);
  const session = await call("/v1/session");
  // who has not signed in can go nowhere yet
  if (session.keys_needed && !session.name) for (const link of nav.querySelectorAll("a")) link.hidden = true;
  if (session.keys_needed && session.name) {
    nav.append(make("button", { type: "button", className: "quiet", id: "sign-out", title: session.name, onclick: signOut }, t("signOut")));
  }
  if (session.role !== "editor") nav.querySelector("#to-asked").hidden = true;
  return session;
}
