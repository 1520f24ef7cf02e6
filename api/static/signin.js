// Here is a person with a key; sign them in and bring them where they wanted to go.

import { bar } from "./bar.js";
import { post } from "./call.js";
import { t } from "./words.js";

const form = document.getElementById("signin");
const key = document.getElementById("key");
const said = document.getElementById("said");

// Only a path of this site: anything else could lead a person away.
function wanted() {
  const next = new URLSearchParams(location.search).get("next") || "/";
  const url = new URL(next, location.origin);
  // a browser keeps the mark of a shared link (#c12-30) on the way to this page
  return url.origin === location.origin ? url.pathname + url.search + (url.hash || location.hash) : "/";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  said.textContent = "";
  try {
    await post("/v1/session", { key: key.value });
    location.assign(wanted());
  } catch (error) {
    said.textContent = error.message;
    key.select();
  }
});
// until here Enter would have sent the form past this script
document.getElementById("enter").disabled = false;
document.title = `${t("signIn")} · ${t("name")}`;
bar("/signin").catch(() => {});
