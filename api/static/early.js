// Here is a page about to be painted; give it the theme and language chosen before.
(function () {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("theme");
    if (theme) root.dataset.theme = theme;
    root.lang = localStorage.getItem("language") === "en" ? "en" : "zh-CN";
  } catch {
    // storage is closed to us: the system's theme and Chinese it is
  }
})();
